import type { CardCharge, CardPayment, ChargeAnswer } from '@caravel/billing-feature';
import type { Clock } from '@caravel/domain';

/** What becomes of a charge of a card. `*-lost`: it is done and nobody hears of it. */
export type CardMode =
  | 'pays'
  | 'answer-lost'
  | 'never-arrives'
  | 'declined-lost'
  | 'requires_action'
  | 'requires_confirmation'
  | 'processing'
  | 'busy'
  | 'refused'
  | { decline: string };

type Payment = CardPayment & CardCharge;

const KEY_LIFE_MS = 24 * 3_600_000;

/** Charges under keys that live for 24 h, as Stripe keeps them. */
export function cardCharges({ clock }: { clock: Clock }) {
  const payments = new Map<string, Payment>();
  const keys = new Map<string, { body: string; answer: ChargeAnswer; atMs: number }>();

  const pay = (charge: CardCharge, status: string, declineCode: string | null = null): Payment => {
    const payment = { ...charge, id: `pi_${payments.size + 1}`, status, declineCode };
    payments.set(payment.id, payment);
    return payment;
  };

  const perform = (charge: CardCharge, mode: CardMode): ChargeAnswer => {
    if (typeof mode === 'object' || mode === 'declined-lost') {
      const code = typeof mode === 'object' ? mode.decline : 'expired_card';
      return { type: 'declined', code, payment: { ...pay(charge, 'requires_payment_method', code) } };
    }
    const paid = mode === 'pays' || mode === 'answer-lost';
    return { type: 'payment', payment: { ...pay(charge, paid ? 'succeeded' : mode) } };
  };

  return {
    payments,
    charge: (request: CardCharge, mode: CardMode): ChargeAnswer => {
      if (mode === 'never-arrives') return { type: 'silence' };
      if (mode === 'busy') return { type: 'busy', retryAfterMs: 7_000 };
      const body = JSON.stringify(request);
      const key = keys.get(request.attemptId);
      if (key && clock.now().getTime() - key.atMs < KEY_LIFE_MS) {
        return key.body === body ? key.answer : { type: 'refused', code: 'idempotency_error' };
      }
      if (mode === 'refused') return { type: 'refused', code: 'parameter_unknown' };
      const answer = perform(request, mode);
      keys.set(request.attemptId, { body, answer, atMs: clock.now().getTime() });
      return mode === 'answer-lost' || mode === 'declined-lost' ? { type: 'silence' } : answer;
    },
  };
}
