import type { CardCharge, CardPayment, ChargeAnswer } from '@caravel/billing-feature';
import { unixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import type { CardManner } from './deed.js';
import type { Random } from './random.js';

const KEY_LIFE_S = 86_400;

/** Stripe's PaymentIntents and the keys that keep a request from being done twice. */
export function cardPayments({ clock, random, later }: PaymentsOptions) {
  const payments = new Map<string, Payment>();
  const keys = new Map<string, { body: string; answer: ChargeAnswer; atS: number }>();

  const clearLater = (payment: Payment): void => {
    later(random.pick([600, 7200, 2 * KEY_LIFE_S]), () => {
      if (payment.status === 'processing') payment.status = random.pick(['succeeded', 'requires_payment_method']);
    });
  };
  return {
    /** The request as Stripe sees it: under a key that it knows nothing is done again. */
    arrive: (charge: CardCharge, manner: CardManner): ChargeAnswer => {
      const body = JSON.stringify(charge);
      const nowS = unixSeconds(clock.now());
      const known = keys.get(charge.attemptId);
      if (known && nowS - known.atS < KEY_LIFE_S) {
        return known.body === body ? known.answer : { type: 'refused', code: 'idempotency_error' };
      }
      const payment: Payment = { ...charge, id: `pi_${payments.size}`, declineCode: null, ...END[manner] };
      payments.set(payment.id, payment);
      if (payment.status === 'processing') clearLater(payment);
      const { declineCode: code } = payment;
      const shown = { payment: { ...payment } };
      const answer: ChargeAnswer = code ? { type: 'declined', code, ...shown } : { type: 'payment', ...shown };
      keys.set(charge.attemptId, { body, answer, atS: nowS });
      return answer;
    },
    get: (id: string): CardPayment | null => copy(payments.get(id)),
    ofAttempt: (attemptId: string): CardPayment | null =>
      copy([...payments.values()].find((payment) => payment.attemptId === attemptId)),
    /** Four times of five it can still be stopped. */
    cancel: (id: string): CardPayment | null => {
      const payment = payments.get(id);
      if (payment && OPEN.has(payment.status) && random.chance(0.8)) payment.status = 'canceled';
      return copy(payment);
    },
    /** Charges that took money. */
    taken: (): Payment[] => [...payments.values()].filter(({ status }) => status === 'succeeded'),
  };
}

const copy = (payment: Payment | undefined): CardPayment | null => (payment ? { ...payment } : null);

/** May still be paid. */
const OPEN = new Set(['requires_action', 'requires_confirmation', 'processing']);

/** How a charge that arrives ends. */
const END: Record<CardManner, { status: string; declineCode?: string }> = {
  pays: { status: 'succeeded' },
  'pays-and-answer-is-lost': { status: 'succeeded' },
  'arrives-late': { status: 'succeeded' },
  declines: { status: 'requires_payment_method', declineCode: 'insufficient_funds' },
  'declines-and-answer-is-lost': { status: 'requires_payment_method', declineCode: 'expired_card' },
  'wants-3d-secure': { status: 'requires_action' },
  'wants-confirmation': { status: 'requires_confirmation' },
  'is-slow': { status: 'processing' },
  'never-arrives': { status: 'canceled' },
  'is-busy': { status: 'canceled' },
};

type Payment = CardPayment & CardCharge;

interface PaymentsOptions {
  clock: Clock;
  random: Random;
  later: (seconds: number, work: () => void) => void;
}
