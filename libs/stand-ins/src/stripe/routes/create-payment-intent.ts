import { z } from 'zod';

import { confirmPayment } from '../confirm-payment.js';
import { newPaymentIntent } from '../objects/payment-intent.js';
import { resolveCard } from '../resolve-card.js';
import { invalidRequest } from '../stripe-error.js';
import { amountSchema, currencySchema, mergeMetadata, metadataSchema } from '../stripe-params.js';
import { stripeRoute } from '../stripe-route.js';

const offSessionSchema = z.union([z.boolean(), z.enum(['one_off', 'recurring'])]);

/** POST /v1/payment_intents: created and, with `confirm`, paid in one call. A decline is a 402, and the intent stays. */
export const createPaymentIntent = stripeRoute({
  method: 'POST',
  path: '/v1/payment_intents',
  params: z
    .object({
      amount: amountSchema,
      currency: currencySchema,
      customer: z.string().optional(),
      payment_method: z.string().optional(),
      confirm: z.boolean().default(false),
      off_session: offSessionSchema.default(false),
      error_on_requires_action: z.boolean().default(false),
      description: z.string().max(1000).optional(),
      metadata: metadataSchema.default({}),
      automatic_payment_methods: z.object({ enabled: z.boolean(), allow_redirects: z.string().optional() }).optional(),
      allowed_payment_method_types: z.array(z.string()).optional(),
      setup_future_usage: z.string().optional(),
      return_url: z.url().optional(),
      capture_method: z.literal(['automatic', 'automatic_async'], 'only automatic capture is done here').optional(),
    })
    .refine(({ off_session: off, confirm }) => off === false || confirm, {
      path: ['off_session'],
      message: 'it can only be set when `confirm` is true',
    }),
  answer: (params, { world }) => {
    const { amount, currency, customer = null, payment_method: named, confirm, metadata } = params;
    if (customer !== null) world.store.named('customer', customer, 'customer');
    const card = named === undefined ? undefined : resolveCard(world, named, customer);
    if (confirm) checkConfirm(params);
    const intent = newPaymentIntent(world, {
      amount,
      currency,
      customer,
      description: params.description ?? null,
      metadata: mergeMetadata({}, metadata),
      payment_method: card?.id ?? null,
      automatic_payment_methods: params.automatic_payment_methods ?? null,
      setup_future_usage: params.setup_future_usage ?? null,
      allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    });
    world.store.put('payment_intent', intent);
    world.emit('payment_intent.created', intent);
    if (!confirm || !card) return intent;
    const present = params.off_session === false ? 'person' : 'nobody';
    return confirmPayment(world, intent, { card, present, errorOnAction: params.error_on_requires_action });
  },
});

/** Payment methods that may send the person away want to know where to. */
function checkConfirm(params: ConfirmedParams): void {
  const { payment_method: card, allowed_payment_method_types: types, automatic_payment_methods: automatic } = params;
  if (card === undefined) {
    const message =
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent " +
      'with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.';
    throw invalidRequest(400, message, { code: 'payment_intent_unexpected_state' });
  }
  const redirects = types === undefined && automatic?.allow_redirects !== 'never';
  if (redirects && params.off_session === false && params.return_url === undefined) {
    const message =
      'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment ' +
      'methods might redirect your customer off of your page, you must provide a `return_url`.';
    throw invalidRequest(400, message, { param: 'return_url' });
  }
}

interface ConfirmedParams {
  payment_method?: string | undefined;
  allowed_payment_method_types?: string[] | undefined;
  automatic_payment_methods?: { allow_redirects?: string | undefined } | undefined;
  off_session: boolean | string;
  return_url?: string | undefined;
}
