import { z } from 'zod';

import { newCheckoutSession } from '../objects/checkout-session.js';
import { invalidRequest } from '../stripe-error.js';
import { currencySchema, mergeMetadata, metadataSchema } from '../stripe-params.js';
import { stripeRoute } from '../stripe-route.js';

const [SHORTEST_S, LONGEST_S] = [30 * 60, 24 * 3600];

const lineSchema = z.object({
  quantity: z.int().min(1).default(1),
  price_data: z.object(
    { currency: currencySchema, unit_amount: z.int().min(0), product_data: z.object({ name: z.string() }) },
    'a line needs price_data; prices and products are not kept here',
  ),
});

/** POST /v1/checkout/sessions: a hosted page in payment mode, open for 30 minutes to 24 hours. */
export const createCheckoutSession = stripeRoute({
  method: 'POST',
  path: '/v1/checkout/sessions',
  params: z.object({
    mode: z.literal('payment', 'only payment mode is done here'),
    ui_mode: z.literal('hosted_page', 'only hosted pages are done here').optional(),
    success_url: z.url(),
    cancel_url: z.url().optional(),
    customer: z.string().optional(),
    client_reference_id: z.string().max(200).optional(),
    expires_at: z.int().optional(),
    line_items: z.array(lineSchema).min(1).max(100),
    metadata: metadataSchema.default({}),
    payment_intent_data: z
      .object({
        description: z.string().optional(),
        metadata: metadataSchema.default({}),
        setup_future_usage: z.string().optional(),
      })
      .optional(),
  }),
  answer: ({ line_items: lines, payment_intent_data: data, ...given }, { world }) => {
    if (given.customer !== undefined) world.store.named('customer', given.customer, 'customer');
    const expiresAt = given.expires_at ?? world.nowS() + LONGEST_S;
    checkExpiry(expiresAt - world.nowS());
    const session = newCheckoutSession(world, {
      ...given,
      ...totalOf(lines),
      customer: given.customer ?? null,
      cancel_url: given.cancel_url ?? null,
      expires_at: expiresAt,
      metadata: mergeMetadata({}, given.metadata),
    });
    world.checkoutData.set(session.id, {
      description: data?.description ?? null,
      metadata: mergeMetadata({}, data?.metadata ?? {}),
      setup_future_usage: data?.setup_future_usage ?? null,
    });
    return world.store.put('checkout.session', session);
  },
});

function checkExpiry(leftS: number): void {
  const where = { param: 'expires_at' };
  const begin = 'The `expires_at` timestamp must be';
  if (leftS < SHORTEST_S) {
    throw invalidRequest(400, `${begin} at least 30 minutes from Checkout Session creation.`, where);
  }
  if (leftS > LONGEST_S) {
    throw invalidRequest(400, `${begin} less than 24 hours from Checkout Session creation.`, where);
  }
}

function totalOf(lines: z.infer<typeof lineSchema>[]): { amount_total: number; currency: string } {
  const currencies = new Set(lines.map(({ price_data: price }) => price.currency));
  const [currency = 'usd'] = currencies;
  if (currencies.size > 1) throw invalidRequest(400, 'All prices of a session must have the same currency.');
  const amount = lines.reduce((sum, { quantity, price_data: price }) => sum + quantity * price.unit_amount, 0);
  if (amount >= 50) return { amount_total: amount, currency };
  const message = "The Checkout Session's total amount due must add up to at least $0.50 usd";
  throw invalidRequest(400, message, { code: 'amount_too_small' });
}
