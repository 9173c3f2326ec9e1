import type { Id, Pubkey } from '@caravel/domain';
import type Stripe from 'stripe';
import type { StripeCalls } from './stripe-calls.js';

/** A page on which a person pays one invoice by card (https://docs.stripe.com/api/checkout/sessions). */
export interface CheckoutPage {
  sessionId: string;
  status: 'open' | 'paid' | 'paying' | 'expired';
  /** While it is open. Whoever has it can pay. */
  url: string | null;
  returnUrl: string | null;
  /** The PaymentIntent once it is paid. */
  paymentId: string | null;
}

export interface NewCheckout {
  invoiceId: Id;
  tenantPubkey: Pubkey;
  customerId: string;
  amountCents: number;
  returnUrl: string;
  /** At least 30 minutes from now. */
  expiresAt: Date;
}

/** Checkout and portal sessions. Null where Stripe gave no answer that counts. */
export function checkoutSessions({ sdk, ask }: StripeCalls) {
  const endpoint = 'checkout_sessions';
  const find = async (sessionId: string): Promise<CheckoutPage | null> => {
    const answer = await ask({ endpoint, operation: 'get_checkout' }, () => sdk.checkout.sessions.retrieve(sessionId));
    return answer.type === 'result' ? toPage(answer.value) : null;
  };
  return {
    createCheckout: async (checkout: NewCheckout): Promise<CheckoutPage | null> => {
      const call = { endpoint, operation: 'create_checkout' } as const;
      const answer = await ask(call, () => sdk.checkout.sessions.create(bodyOf(checkout)));
      return answer.type === 'result' ? toPage(answer.value) : null;
    },

    findCheckout: find,

    /** The page as it is afterwards: one that can't be expired was paid, is being paid, or had expired. */
    expireCheckout: async (sessionId: string): Promise<CheckoutPage | null> => {
      const call = { endpoint, operation: 'expire_checkout' } as const;
      const answer = await ask(call, () => sdk.checkout.sessions.expire(sessionId));
      if (answer.type === 'result') return toPage(answer.value);
      return answer.type === 'refused' ? find(sessionId) : null;
    },

    /** Where a customer saves and removes cards; the URL opens the account. */
    createPortal: async ({ customerId, returnUrl }: { customerId: string; returnUrl: string }) => {
      const call = { endpoint: 'portal_sessions', operation: 'create_portal' } as const;
      const params = { customer: customerId, return_url: returnUrl };
      const answer = await ask(call, () => sdk.billingPortal.sessions.create(params));
      return answer.type === 'result' ? answer.value.url : null;
    },
  };
}

function bodyOf({ invoiceId, tenantPubkey, customerId, amountCents, returnUrl, expiresAt }: NewCheckout) {
  const metadata = { invoice_id: invoiceId, tenant_pubkey: tenantPubkey };
  const product = { name: 'Relay hosting', description: `Invoice ${invoiceId}` };
  return {
    mode: 'payment',
    customer: customerId,
    client_reference_id: invoiceId,
    allowed_payment_method_types: ['card'],
    line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: amountCents, product_data: product } }],
    success_url: returnUrl,
    cancel_url: returnUrl,
    expires_at: Math.ceil(expiresAt.getTime() / 1000),
    metadata,
    payment_intent_data: { metadata },
  } satisfies Stripe.Checkout.SessionCreateParams;
}

function toPage(session: Stripe.Checkout.Session): CheckoutPage {
  const { id: sessionId, url, success_url: returnUrl, payment_intent: intent } = session;
  const paymentId = typeof intent === 'string' ? intent : (intent?.id ?? null);
  return { sessionId, status: statusOf(session), url, returnUrl, paymentId };
}

function statusOf({ status, payment_status: payment }: Stripe.Checkout.Session): CheckoutPage['status'] {
  if (payment === 'paid') return 'paid';
  if (status === 'complete') return 'paying';
  return status === 'expired' ? 'expired' : 'open';
}
