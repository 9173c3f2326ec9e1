import { declineText, readCharge, readPaymentStatus } from './card-outcome.js';

const payment = (status: string, declineCode: string | null = null) => ({ id: 'pi_1', status, declineCode });
const statusOf = (status: string) => readPaymentStatus(payment(status)).type;

describe("Stripe's answer", () => {
  it('is a payment only on succeeded', () => {
    expect(readCharge({ type: 'payment', payment: payment('succeeded') })).toEqual({ type: 'paid', paymentId: 'pi_1' });
    const others = ['canceled', 'requires_payment_method', 'requires_action', 'requires_confirmation', 'processing'];
    for (const status of [...others, 'requires_capture', '', 'constructor']) expect(statusOf(status)).not.toBe('paid');
  });

  it('that may still become a payment is stopped first', () => {
    for (const status of ['requires_action', 'requires_confirmation', 'processing', 'requires_capture']) {
      expect(statusOf(status)).toBe('cancel');
    }
    const declined = { type: 'declined', code: 'authentication_required' } as const;
    expect(readCharge({ ...declined, payment: payment('requires_action') }).type).toBe('cancel');
  });

  it('is a failure when it was declined, by the code of this decline', () => {
    const declined = { type: 'declined', code: 'insufficient_funds' } as const;
    const text = declineText('insufficient_funds');
    expect(readCharge({ ...declined, payment: payment('requires_payment_method', 'expired_card') })).toEqual({
      type: 'failed',
      error: text,
      paymentId: 'pi_1',
    });
    expect(readCharge({ ...declined, payment: null })).toEqual({ type: 'failed', error: text, paymentId: null });
  });

  it('of a status nobody knows leaves it unknown', () => {
    expect(readPaymentStatus(payment('something_new'))).toEqual({ type: 'unknown', paymentId: 'pi_1' });
  });

  it('that never came, or was an error of theirs, leaves it unknown', () => {
    expect(readCharge({ type: 'silence' }).type).toBe('unknown');
  });

  it('that nothing was done is no try: too many requests, or a request of ours that is wrong', () => {
    expect(readCharge({ type: 'busy', retryAfterMs: 7000 })).toEqual({ type: 'not-done', retryAfterMs: 7000 });
    expect(readCharge({ type: 'refused', code: 'parameter_unknown' }).type).toBe('not-done');
  });

  it('that the card is gone is for the tenant to hear', () => {
    expect(readCharge({ type: 'refused', code: 'resource_missing' })).toMatchObject({
      type: 'failed',
      error: expect.stringContaining('save a card again') as string,
    });
  });
});

describe('the text of a decline', () => {
  it.each(['lost_card', 'stolen_card', 'fraudulent', 'generic_decline', 'do_not_honor', '', 'constructor'])(
    'says no more than that it was declined: %s',
    (code) => {
      expect(declineText(code)).toBe('Your card was declined.');
    },
  );

  it.each([
    ['expired_card', 'expired'],
    ['insufficient_funds', 'limit'],
    ['authentication_required', 'confirm'],
    ['incorrect_cvc', 'details'],
    ['processing_error', 'try again'],
  ])('says what to do: %s', (code, word) => {
    expect(declineText(code)).toContain(word);
    expect(declineText(code).length).toBeLessThanOrEqual(240);
  });
});
