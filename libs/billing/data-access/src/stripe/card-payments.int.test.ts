import { randomUUID } from 'node:crypto';
import { idSchema, manualClock, pubkeySchema } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { startStripe } from '@caravel/stand-ins';
import type { StripeStandIn } from '@caravel/stand-ins';
import { stripeClient } from '../stripe-client.js';
import type { StripeClient } from '../stripe-client.js';

const anId = (): Id => idSchema.parse(randomUUID());

describe('cards at Stripe', () => {
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

  const act = (name: string, argument: object) => stripe.actions[name]?.(argument) as { id: string };
  const save = (card = 'pm_card_visa', more: object = {}) => {
    clock.advance(1);
    return act('attach-card', { customer: customerId, card, ...more }).id;
  };
  const attempt = (cardId: string, attemptId = anId()) => ({
    attemptId,
    invoiceId: anId(),
    tenantPubkey,
    customerId,
    cardId,
    amountCents: 500,
  });
  const kinds = () => stripe.ledger().entries.map(({ kind }) => kind);
  const since = clock.now();

  it('the saved card is the default, else the newest, else none; a deleted card is none', async () => {
    expect(await client.findCard(customerId)).toEqual({ cardId: null });
    const first = save();
    const second = save('pm_card_mastercard');
    expect(await client.findCard(customerId)).toEqual({ cardId: second });
    const third = save('pm_card_amex', { default: true });
    save();
    expect(await client.findCard(customerId)).toEqual({ cardId: third });
    act('detach-card', { payment_method: third });
    expect((await client.findCard(customerId))?.cardId).not.toBe(third);
    expect(first).not.toBe(second);
  });

  it('nobody is said to have no card when Stripe does not answer', async () => {
    stripe.faults.set([{ match: 'GET /v1/customers', mode: 'fail', status: 500 }]);
    expect(await client.findCard(customerId)).toBeNull();
    expect(await client.findCard('cus_unknown')).toBeNull();
  });

  it('a charge carries what finds it again, and the same attempt is charged once', async () => {
    const charge = attempt(save());
    const answers = [await client.charge(charge), await client.charge(charge)];
    expect(answers).toMatchObject([{ type: 'payment', payment: { status: 'succeeded' } }, { type: 'payment' }]);
    const { attemptId, invoiceId } = charge;
    expect(stripe.ledger().entries).toMatchObject([
      {
        kind: 'charge',
        amountCents: 500,
        metadata: { attempt_id: attemptId, invoice_id: invoiceId, tenant_pubkey: tenantPubkey },
      },
    ]);
  });

  it.each([
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_authenticationRequired', 'authentication_required'],
  ])('a declined charge (%s) says why, and what is left of it', async (card, code) => {
    const answer = await client.charge(attempt(save(card)));
    expect(answer).toMatchObject({ type: 'declined', code, payment: { status: 'requires_payment_method' } });
  });

  it.each(['requires_action', 'requires_confirmation'])('a charge left in %s can be cancelled', async (outcome) => {
    act('set-next-payment', { outcome });
    const answer = await client.charge(attempt(save()));
    if (answer.type !== 'payment') throw new Error(answer.type);
    expect(answer.payment.status).toBe(outcome);
    expect(await client.cancelPayment(answer.payment.id)).toMatchObject({ status: 'canceled' });
    expect(await client.cancelPayment(answer.payment.id)).toMatchObject({ status: 'canceled' });
  });

  it('what cannot be cancelled is answered as it is', async () => {
    act('set-next-payment', { outcome: 'processing' });
    const answer = await client.charge(attempt(save()));
    if (answer.type !== 'payment') throw new Error(answer.type);
    const { id } = answer.payment;
    expect(await client.cancelPayment(id)).toMatchObject({ status: 'processing' });
    act('settle-payment', { payment_intent: id });
    expect(await client.cancelPayment(id)).toMatchObject({ status: 'succeeded' });
    expect(await client.getPayment(id)).toMatchObject({ status: 'succeeded' });
  });

  it('an answer that is lost is silence; asked again under its key it is what it was', async () => {
    const charge = attempt(save());
    stripe.faults.set([{ match: 'POST /v1/payment_intents', mode: 'drop-answer', times: 1 }]);
    expect(await client.charge(charge)).toEqual({ type: 'silence' });
    expect(await client.charge(charge)).toMatchObject({ type: 'payment', payment: { status: 'succeeded' } });
    expect(kinds()).toEqual(['charge']);
  });

  it('an answer that is lost stays so when Stripe is busy next: nothing is sent a second time behind our back', async () => {
    const charge = attempt(save());
    stripe.faults.set([
      { match: 'POST /v1/payment_intents', mode: 'drop-answer', times: 1 },
      { match: 'POST /v1/payment_intents', mode: 'fail', status: 429, times: 1 },
    ]);
    expect(await client.charge(charge)).toEqual({ type: 'silence' });
    expect(await client.charge(charge)).toMatchObject({ type: 'busy' });
    expect(kinds()).toEqual(['charge']);
  });

  it('an error of theirs is silence, the replayed one too', async () => {
    const charge = attempt(save());
    stripe.faults.set([{ match: 'POST /v1/payment_intents', mode: 'fail', status: 500, times: 1 }]);
    expect(await client.charge(charge)).toEqual({ type: 'silence' });
    expect(await client.charge(charge)).toEqual({ type: 'silence' });
  });

  it('a payment is found by its attempt among more than a page, and is absent when there is none', async () => {
    const card = save();
    const charge = attempt(card);
    await client.charge(charge);
    for (let i = 0; i < 101; i += 1) {
      clock.advance(1);
      await client.charge(attempt(card));
    }
    expect(await client.findPayment({ customerId, attemptId: charge.attemptId, since })).toMatchObject({
      status: 'succeeded',
    });
    expect(await client.findPayment({ customerId, attemptId: anId(), since })).toBe('absent');
    stripe.faults.set([{ match: 'GET /v1/payment_intents', mode: 'fail', status: 503 }]);
    expect(await client.findPayment({ customerId, attemptId: charge.attemptId, since })).toBeNull();
  }, 30_000);

  it('too many requests is busy, and nobody asks again before Stripe wants it', async () => {
    const card = save();
    act('set-rate-limit', { perSecond: 0 });
    const calls = () => stripe.calls.list().length;
    const answer = await client.charge(attempt(card));
    expect(answer).toMatchObject({ type: 'busy' });
    const before = calls();
    const { retryAfterMs = 0 } = answer.type === 'busy' ? answer : {};
    if (retryAfterMs > 2_000) expect(await client.charge(attempt(card))).toMatchObject({ type: 'busy' });
    act('set-rate-limit', {});
    clock.advance(Math.ceil(retryAfterMs / 1000));
    expect(await client.charge(attempt(card))).toMatchObject({ type: 'payment' });
    expect(calls()).toBe(before + 1);
  });

  it('never more than so many requests a second go to one endpoint', async () => {
    const waits: number[] = [];
    const sleep = (ms: number) => Promise.resolve(waits.push(ms));
    const careful = stripeClient({ secretKey: 'sk_test_1', apiUrl: stripe.url, clock, sleep, requestsPerSecond: 2 });
    const card = save();
    const answers = await Promise.all(Array.from({ length: 8 }, () => careful.charge(attempt(card))));
    expect(waits).toEqual([500, 1000, 1500, 2000]);
    expect(answers.filter(({ type }) => type === 'busy')).toHaveLength(2);
    expect(await careful.findCard(customerId)).not.toBeNull();
  });

  it('a request that is wrong is refused, and no key is in the answer', async () => {
    const answer = await client.charge(attempt('pm_unknown'));
    expect(answer).toEqual({ type: 'refused', code: 'resource_missing' });
  });
});
