import type { RefundStatus } from './stripe-objects.js';

/** How the next confirmations and refunds end, whatever the card says. */
export function nextOutcomes(): NextOutcomes {
  let payments: (NextPayment & { left: number })[] = [];
  let refund: RefundStatus | undefined;
  return {
    setPayment: (payment, times) => {
      payments.push({ ...payment, left: times });
    },
    takePayment: (customer) => {
      const found = payments.find((each) => each.customer === undefined || each.customer === customer);
      if (!found) return undefined;
      found.left -= 1;
      payments = payments.filter(({ left }) => left > 0);
      return found;
    },
    setRefund: (status) => {
      refund = status;
    },
    takeRefund: () => {
      const status = refund;
      refund = undefined;
      return status;
    },
  };
}

export interface NextOutcomes {
  setPayment(payment: NextPayment, times: number): void;
  takePayment(customer: string | null): NextPayment | undefined;
  setRefund(status: RefundStatus): void;
  takeRefund(): RefundStatus | undefined;
}

export interface NextPayment {
  /** A status to stay in, `succeeded`, or a decline code. */
  outcome: string;
  /** Whose; anybody's when left out. */
  customer?: string | undefined;
  /** Whether a `processing` one may be cancelled, as Stripe allows in rare cases. */
  cancellable?: boolean | undefined;
}
