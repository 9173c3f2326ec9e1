import type { CardPayment, ChargeAnswer } from './card-desk.js';

/** How a pull by card ended, as far as Stripe's word goes. `cancel`: it may still be paid, so it is stopped first. */
export type CardOutcome = KnownOutcome | { type: 'not-done'; retryAfterMs: number };

/** Of a request that Stripe may have acted on. */
export type KnownOutcome =
  | { type: 'paid'; paymentId: string }
  | { type: 'failed'; error: string; paymentId: string | null }
  | { type: 'cancel'; paymentId: string; error: string }
  | { type: 'unknown'; paymentId: string | null };

/** Reads the answer to a charge. It was paid only on a definite `succeeded`; nothing was done only when Stripe says so. */
export function readCharge(answer: ChargeAnswer): CardOutcome {
  switch (answer.type) {
    case 'payment':
      return readPaymentStatus(answer.payment);
    case 'declined':
      // The code of the answer is the reason of this decline, whatever the payment remembers.
      return answer.payment
        ? readPaymentStatus({ ...answer.payment, declineCode: answer.code })
        : { type: 'failed', error: declineText(answer.code), paymentId: null };
    case 'refused':
      return CARD_GONE.has(answer.code)
        ? { type: 'failed', error: declineText(answer.code), paymentId: null }
        : { type: 'not-done', retryAfterMs: REFUSED_PAUSE_MS };
    case 'busy':
      return { type: 'not-done', retryAfterMs: answer.retryAfterMs };
    case 'silence':
      return { type: 'unknown', paymentId: null };
  }
}

/** Reads a PaymentIntent's status (https://docs.stripe.com/payments/paymentintents/lifecycle). */
export function readPaymentStatus({ id: paymentId, status, declineCode }: CardPayment): KnownOutcome {
  switch (status) {
    case 'succeeded':
      return { type: 'paid', paymentId };
    case 'canceled':
    case 'requires_payment_method':
      return { type: 'failed', error: declineText(declineCode ?? ''), paymentId };
    case 'requires_action':
    case 'requires_confirmation':
      return { type: 'cancel', paymentId, error: AUTHENTICATION };
    case 'processing':
    case 'requires_capture':
      return { type: 'cancel', paymentId, error: DECLINED };
    default:
      return { type: 'unknown', paymentId };
  }
}

/** In words for the tenant, by Stripe's code (https://docs.stripe.com/declines/codes). */
export function declineText(code: string): string {
  return TEXTS.get(code) ?? DECLINED;
}

const REFUSED_PAUSE_MS = 5 * 60_000;
const DECLINED = 'Your card was declined.';
const AUTHENTICATION = 'Your bank wants you to confirm this payment. Please pay the invoice on its page.';
const CARD_GONE: ReadonlySet<string> = new Set(['resource_missing', 'payment_method_unexpected_state']);
const GONE = 'Your saved card cannot be used any more. Please save a card again.';
const DETAILS = 'The details of your card are not right any more. Please save your card again.';

/** Words that blame nobody where the bank asks that it not be said (lost, stolen, fraud). A map: codes come from outside. */
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['insufficient_funds', 'Your card was declined because its balance or limit is too low.'],
  ['card_velocity_exceeded', 'Your card was declined because its limit is used up.'],
  ['withdrawal_count_limit_exceeded', 'Your card was declined because its limit is used up.'],
  ['expired_card', 'Your card has expired. Please save another one.'],
  ['authentication_required', AUTHENTICATION],
  ['payment_intent_authentication_failure', AUTHENTICATION],
  ['card_not_supported', 'Your card does not support this kind of payment. Please save another one.'],
  ['currency_not_supported', 'Your card cannot be charged in US dollars. Please save another one.'],
  ['transaction_not_allowed', 'Your card does not allow this payment. Please ask your bank or save another one.'],
  ['incorrect_cvc', DETAILS],
  ['invalid_cvc', DETAILS],
  ['incorrect_number', DETAILS],
  ['invalid_number', DETAILS],
  ['invalid_account', DETAILS],
  ['invalid_expiry_month', DETAILS],
  ['invalid_expiry_year', DETAILS],
  ['incorrect_zip', DETAILS],
  ['processing_error', 'The bank of your card could not be reached. We will try again.'],
  ['issuer_not_available', 'The bank of your card could not be reached. We will try again.'],
  ['reenter_transaction', 'The bank of your card could not be reached. We will try again.'],
  ['try_again_later', 'The bank of your card could not be reached. We will try again.'],
  ['resource_missing', GONE],
  ['payment_method_unexpected_state', GONE],
]);
