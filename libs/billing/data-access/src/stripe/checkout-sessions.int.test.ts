import { randomUUID } from 'node:crypto';
import { idSchema, manualClock, pubkeySchema } from '@caravel/domain';
import { startStripe } from '@caravel/stand-ins';
import type { StripeStandIn } from '@caravel/stand-ins';
import { stripeClient } from '../stripe-client.js';
import type { StripeClient } from '../stripe-client.js';

describe('pages of Stripe', () => {
  const tenantPubkey = pubkeySchema.parse('ab'.repeat(32));
  const clock = manualClock(1_800_000_000);
  let stripe: StripeStandIn;
  let client: StripeClient;
  let customerId: string;
  beforeEach(async () => {
    stripe = await startStripe({ clock });
    client = stripeClient({ secretKey: 'sk_test_1', apiUrl: stripe.url, clock });
    customerId = await client.createCustomer(tenantPubkey);
  });
  afterEach(() => stripe.stop());

  const act = (name: string, argument: object) => stripe.actions[name]?.(argument);
  const open = async () => {
    const page = await client.createCheckout({
      invoiceId: idSchema.parse(randomUUID()),
      tenantPubkey,
      customerId,
      amountCents: 500,
      returnUrl: 'https://app.example/x?y=1',
      expiresAt: new Date(clock.now().getTime() + 30 * 60_000 + 30_000),
    });
    if (!page) throw new Error('no page');
    return page;
  };

  it('a Checkout page is open, has an address, and can be read back', async () => {
    const page = await open();
    expect(page).toMatchObject({ status: 'open', returnUrl: 'https://app.example/x?y=1', paymentId: null });
    expect(page.url).toContain('http');
    expect(await client.findCheckout(page.sessionId)).toEqual(page);
  });

  it('a page that was paid says so and which payment it was; it cannot be expired', async () => {
    const { sessionId } = await open();
    act('pay-checkout', { session: sessionId, card: 'pm_card_visa' });
    const paid = await client.expireCheckout(sessionId);
    expect(paid).toMatchObject({ status: 'paid', url: null, paymentId: expect.stringMatching(/^pi_/) as string });
    expect(stripe.ledger().entries).toMatchObject([{ kind: 'charge', amountCents: 500 }]);
  });

  it('a page can be expired, more than once', async () => {
    const { sessionId } = await open();
    expect(await client.expireCheckout(sessionId)).toMatchObject({ status: 'expired', url: null });
    expect(await client.expireCheckout(sessionId)).toMatchObject({ status: 'expired' });
  });

  it('nothing is said of a page when Stripe does not answer', async () => {
    const { sessionId } = await open();
    stripe.faults.set([{ match: '/v1/checkout/sessions', mode: 'fail', status: 500 }]);
    expect(await client.findCheckout(sessionId)).toBeNull();
    expect(await client.expireCheckout(sessionId)).toBeNull();
  });

  it('the portal opens for a customer, and for nobody else', async () => {
    expect(await client.createPortal({ customerId, returnUrl: 'https://app.example/' })).toContain('http');
    expect(await client.createPortal({ customerId: 'cus_unknown', returnUrl: 'https://app.example/' })).toBeNull();
  });

  describe('a refund', () => {
    const paid = async () => {
      const { sessionId } = await open();
      act('pay-checkout', { session: sessionId, card: 'pm_card_visa' });
      return (await client.findCheckout(sessionId))?.paymentId ?? '';
    };
    const wanted = (paymentId: string, amountCents = 200) => ({
      refundId: idSchema.parse(randomUUID()),
      paymentId,
      amountCents,
    });

    it('is made once under its key, and is found by its metadata', async () => {
      const refund = wanted(await paid());
      const answers = [await client.refund(refund), await client.refund(refund)];
      expect(answers).toMatchObject([{ type: 'refund', refund: { status: 'succeeded' } }, { type: 'refund' }]);
      expect(await client.findRefund(refund)).toMatchObject({ status: 'succeeded' });
      expect(await client.findRefund(wanted(refund.paymentId))).toBe('absent');
      expect(stripe.ledger().entries.filter(({ kind }) => kind === 'refund')).toHaveLength(1);
    });

    it('of more than was paid is refused', async () => {
      expect(await client.refund(wanted(await paid(), 501))).toMatchObject({ type: 'refused' });
    });

    it('whose answer is lost is silence', async () => {
      const refund = wanted(await paid());
      stripe.faults.set([{ match: 'POST /v1/refunds', mode: 'drop-answer', times: 1 }]);
      expect(await client.refund(refund)).toEqual({ type: 'silence' });
      expect(await client.findRefund(refund)).toMatchObject({ status: 'succeeded' });
    });
  });
});
