import { z } from 'zod';

import { intentStateError } from '../intent-state-error.js';
import { cancel } from '../payments.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/payment_intents/:id/cancel: not once it succeeded or was cancelled, and a `processing` one in rare cases only. */
export const cancelPaymentIntent = stripeRoute({
  method: 'POST',
  path: '/v1/payment_intents/:id/cancel',
  params: z.object({ cancellation_reason: z.string().optional() }),
  answer: ({ cancellation_reason: reason = null }, { world, id }) => {
    const intent = world.store.get('payment_intent', id);
    const may = CANCELLABLE.includes(intent.status) || (intent.status === 'processing' && world.cancellable.has(id));
    if (!may) throw intentStateError('cancel', intent, [...CANCELLABLE, 'processing']);
    return cancel(world, intent, reason);
  },
});

const CANCELLABLE: readonly string[] = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
];
