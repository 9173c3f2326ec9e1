import type { Id } from '@caravel/domain';
import type Stripe from 'stripe';
import { errorCode } from './error-code.js';
import type { StripeCalls } from './stripe-calls.js';

const PAGE = 100;

/** Money on its way back to a card (https://docs.stripe.com/api/refunds). */
export interface GivenBack {
  id: string;
  /** Stripe's own word. */
  status: string;
}

export type RefundAnswer =
  | { type: 'refund'; refund: GivenBack }
  | { type: 'refused'; code: string }
  | { type: 'busy'; retryAfterMs: number }
  | { type: 'silence' };

/** Refunds of payments by card. Null where Stripe gave no answer that counts. */
export function refunds({ sdk, ask }: StripeCalls) {
  const endpoint = 'refunds';
  return {
    /** The refund's id is its Idempotency-Key, for 24 h. */
    refund: async ({ refundId, paymentId, amountCents }: NewRefund): Promise<RefundAnswer> => {
      const body = { payment_intent: paymentId, amount: amountCents, metadata: { refund_id: refundId } };
      const call = { endpoint, operation: 'create_refund' } as const;
      const answer = await ask(call, () => sdk.refunds.create(body, { idempotencyKey: refundId }));
      if (answer.type === 'result') return { type: 'refund', refund: toGivenBack(answer.value) };
      if (answer.type !== 'refused') return answer;
      return { type: 'refused', code: errorCode(answer.error) ?? answer.error.type };
    },

    /** Of a refund whose answer was lost; `absent` when the payment has none of it. */
    findRefund: async ({
      refundId,
      paymentId,
    }: Omit<NewRefund, 'amountCents'>): Promise<GivenBack | 'absent' | null> => {
      const call = { endpoint, operation: 'list_refunds' } as const;
      const answer = await ask(call, () => sdk.refunds.list({ payment_intent: paymentId, limit: PAGE }));
      if (answer.type !== 'result') return null;
      const found = answer.value.data.find(({ metadata }) => metadata?.['refund_id'] === refundId);
      return found ? toGivenBack(found) : 'absent';
    },
  };
}

function toGivenBack({ id, status }: Stripe.Refund): GivenBack {
  return { id, status: status ?? 'pending' };
}

export interface NewRefund {
  refundId: Id;
  paymentId: string;
  amountCents: number;
}
