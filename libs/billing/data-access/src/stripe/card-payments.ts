import type Stripe from 'stripe';
import type { Id, Pubkey } from '@caravel/domain';
import { errorCode } from './error-code.js';
import type { Answer, Failure, StripeCalls } from './stripe-calls.js';

/** A card's bank may take its time. */
const CHARGE_TIMEOUT_MS = 30_000;
const PAGE = 100;
/** Clocks differ, and what a list leaves out is taken for not done. */
const CLOCK_MARGIN_S = 3_600;

/** A PaymentIntent as billing looks at it (https://docs.stripe.com/payments/paymentintents/lifecycle). */
export interface CardPayment {
  id: string;
  status: Stripe.PaymentIntent.Status;
  /** Why the last try was declined: the bank's code, else Stripe's. */
  declineCode: string | null;
}

/** What is asked for: the same attempt always asks for the same. */
export interface CardCharge {
  attemptId: Id;
  invoiceId: Id;
  tenantPubkey: Pubkey;
  customerId: string;
  cardId: string;
  amountCents: number;
}

/**
 * `declined`: Stripe said no, with the payment as it was left. `refused`: the request itself is wrong, nothing was done.
 * `busy`: nothing was done. `silence`: nobody knows.
 */
export type ChargeAnswer =
  | { type: 'payment'; payment: CardPayment }
  | { type: 'declined'; code: string; payment: CardPayment | null }
  | { type: 'refused'; code: string }
  | { type: 'busy'; retryAfterMs: number }
  | { type: 'silence' };

/** Pulls by card. Null where Stripe gave no answer that counts. */
export function cardPayments({ sdk, ask }: StripeCalls) {
  const get = async (paymentId: string): Promise<CardPayment | null> => {
    const call = { endpoint: 'payment_intents', operation: 'get_payment' } as const;
    const answer = await ask(call, () => sdk.paymentIntents.retrieve(paymentId));
    return answer.type === 'result' ? toPayment(answer.value) : null;
  };
  return {
    /** Off-session, made and confirmed in one request. The attempt's id is its Idempotency-Key, for 24 h. */
    charge: async (charge: CardCharge): Promise<ChargeAnswer> => {
      const options = { idempotencyKey: charge.attemptId, timeout: CHARGE_TIMEOUT_MS };
      const call = { endpoint: 'payment_intents', operation: 'charge_card' } as const;
      return toChargeAnswer(await ask(call, () => sdk.paymentIntents.create(bodyOf(charge), options)));
    },

    /** Of an attempt whose answer was lost; `absent` when the customer has none of it. Lists, because a search lags behind. */
    findPayment: async ({ customerId, attemptId, since }: FindPayment): Promise<CardPayment | 'absent' | null> => {
      const created = { gte: Math.floor(since.getTime() / 1000) - CLOCK_MARGIN_S };
      for (let after: string | undefined; ;) {
        const page = {
          customer: customerId,
          created,
          limit: PAGE,
          ...(after !== undefined && { starting_after: after }),
        };
        const call = { endpoint: 'payment_intents', operation: 'list_payments' } as const;
        const answer = await ask(call, () => sdk.paymentIntents.list(page));
        if (answer.type !== 'result') return null;
        const { data, has_more: more } = answer.value;
        const found = data.find(({ metadata }) => metadata['attempt_id'] === attemptId);
        if (found) return toPayment(found);
        after = data.at(-1)?.id;
        if (!more || after === undefined) return 'absent';
      }
    },

    getPayment: get,

    /** The payment as it is afterwards: one that can't be cancelled any more has ended or goes on. */
    cancelPayment: async (paymentId: string): Promise<CardPayment | null> => {
      const call = { endpoint: 'payment_intents', operation: 'cancel_payment' } as const;
      const answer = await ask(call, () => sdk.paymentIntents.cancel(paymentId));
      if (answer.type === 'result') return toPayment(answer.value);
      return answer.type === 'refused' ? get(paymentId) : null;
    },
  };
}

function bodyOf({ attemptId, invoiceId, tenantPubkey, customerId, cardId, amountCents }: CardCharge) {
  return {
    amount: amountCents,
    currency: 'usd',
    customer: customerId,
    payment_method: cardId,
    allowed_payment_method_types: ['card'],
    off_session: true,
    confirm: true,
    description: `Relay hosting, invoice ${invoiceId}`,
    metadata: { attempt_id: attemptId, invoice_id: invoiceId, tenant_pubkey: tenantPubkey },
  } satisfies Stripe.PaymentIntentCreateParams;
}

function toChargeAnswer(answer: Answer<Stripe.PaymentIntent>): ChargeAnswer {
  if (answer.type === 'result') return { type: 'payment', payment: toPayment(answer.value) };
  return answer.type === 'refused' ? toRefusal(answer) : answer;
}

/** 402 is the card's or the bank's no; any other 4xx is about the request. */
function toRefusal({ error }: Extract<Failure, { type: 'refused' }>): ChargeAnswer {
  const code = errorCode(error) ?? error.type;
  if (error.statusCode !== 402) return { type: 'refused', code };
  return { type: 'declined', code, payment: error.payment_intent ? toPayment(error.payment_intent) : null };
}

function toPayment({ id, status, last_payment_error: error }: Stripe.PaymentIntent): CardPayment {
  return { id, status, declineCode: error ? errorCode(error) : null };
}

export interface FindPayment {
  customerId: string;
  attemptId: Id;
  /** Not before then. */
  since: Date;
}
