import { z } from 'zod';

import { refundCharge } from '../refunds.js';
import { invalidRequest } from '../stripe-error.js';
import { mergeMetadata, metadataSchema } from '../stripe-params.js';
import { stripeRoute } from '../stripe-route.js';

/** POST /v1/refunds: of a PaymentIntent or a charge. */
export const createRefund = stripeRoute({
  method: 'POST',
  path: '/v1/refunds',
  params: z.object({
    payment_intent: z.string().optional(),
    charge: z.string().optional(),
    amount: z.int('Invalid integer').min(1, 'Invalid positive integer').optional(),
    reason: z.string().optional(),
    metadata: metadataSchema.default({}),
  }),
  answer: ({ payment_intent: intentId, charge: chargeId, amount, reason = null, metadata }, { world }) => {
    const { store } = world;
    if ((intentId === undefined) === (chargeId === undefined)) {
      throw invalidRequest(
        400,
        'One of the following params should be provided for this request: payment_intent or charge.',
      );
    }
    const id = chargeId ?? store.named('payment_intent', intentId ?? '', 'payment_intent').latest_charge;
    if (id === null) {
      throw invalidRequest(400, `This PaymentIntent (${intentId ?? ''}) does not have a successful charge to refund.`);
    }
    const charge = store.named('charge', id, 'charge');
    return refundCharge(world, charge, { amount, reason, metadata: mergeMetadata({}, metadata) });
  },
});
