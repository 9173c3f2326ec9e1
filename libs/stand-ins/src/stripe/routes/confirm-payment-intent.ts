import { z } from 'zod';

import { confirmPayment } from '../confirm-payment.js';
import { intentStateError } from '../intent-state-error.js';
import { resolveCard } from '../resolve-card.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/payment_intents/:id/confirm */
export const confirmPaymentIntent = stripeRoute({
  method: 'POST',
  path: '/v1/payment_intents/:id/confirm',
  params: z.object({
    payment_method: z.string().optional(),
    off_session: z.union([z.boolean(), z.enum(['one_off', 'recurring'])]).default(false),
    error_on_requires_action: z.boolean().default(false),
  }),
  answer: ({ payment_method: named, off_session: off, error_on_requires_action: errorOnAction }, { world, id }) => {
    const intent = world.store.get('payment_intent', id);
    const name = named ?? intent.payment_method;
    if (!CONFIRMABLE.includes(intent.status) || name === null) throw intentStateError('confirm', intent, CONFIRMABLE);
    const card =
      named === undefined ? world.store.get('payment_method', name) : resolveCard(world, name, intent.customer);
    return confirmPayment(world, intent, { card, present: off === false ? 'person' : 'nobody', errorOnAction });
  },
});

const CONFIRMABLE: readonly string[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
