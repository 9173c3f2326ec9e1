import { z } from 'zod';

import { expireSession, paySession } from '../checkout.js';
import { outcomeAfterAuthentication } from '../confirm-payment.js';
import { decline, succeed } from '../payments.js';
import { settleRefund } from '../refunds.js';
import type { PaymentIntent } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';
import { action } from './action.js';

/** What people and banks do with payments. */
export function paymentActions(world: StripeWorld) {
  return {
    'pay-checkout': action(
      z.strictObject({
        session: z.string(),
        card: z.string().default('pm_card_visa'),
        save: z.boolean().default(false),
      }),
      ({ session, ...how }) => paySession(world, session, how),
    ),
    'expire-checkout': action(z.strictObject({ session: z.string() }), ({ session }) => expireSession(world, session)),
    'set-next-payment': action(
      z.strictObject({
        outcome: z.string().regex(/^[a-z_]+$/),
        customer: z.string().optional(),
        times: z.int().positive().default(1),
        cancellable: z.boolean().optional(),
      }),
      ({ times, ...next }) => {
        world.next.setPayment(next, times);
      },
    ),
    authenticate: action(
      z.strictObject({ payment_intent: z.string(), fail: z.boolean().default(false) }),
      ({ payment_intent: id, fail }) => {
        const { intent, card } = waiting(world, id, 'requires_action');
        const code = fail ? 'payment_intent_authentication_failure' : outcomeAfterAuthentication(card);
        return end(world, intent, code);
      },
    ),
    'settle-payment': action(
      z.strictObject({ payment_intent: z.string(), decline: z.string().default('succeeded') }),
      ({ payment_intent: id, decline: code }) => end(world, waiting(world, id, 'processing').intent, code),
    ),
    'set-next-refund': action(
      z.strictObject({ status: z.enum(['pending', 'requires_action', 'failed']) }),
      ({ status }) => {
        world.next.setRefund(status);
      },
    ),
    'settle-refund': action(
      z.strictObject({ refund: z.string(), status: z.enum(['succeeded', 'failed']) }),
      ({ refund, status }) => settleRefund(world, refund, status),
    ),
  };
}

function waiting({ store }: StripeWorld, id: string, status: 'processing' | 'requires_action') {
  const intent = store.get('payment_intent', id);
  if (intent.status !== status) throw new Error(`it is not in ${status} but in ${intent.status}`);
  return { intent, card: store.get('payment_method', intent.payment_method ?? '') };
}

/** The decline of an asynchronous end is no error of anybody's request. */
function end(world: StripeWorld, intent: PaymentIntent, code: string): PaymentIntent {
  const card = world.store.get('payment_method', intent.payment_method ?? '');
  if (code === 'succeeded') return succeed(world, intent, { card });
  decline(world, intent, { card, code });
  return world.store.get('payment_intent', intent.id);
}
