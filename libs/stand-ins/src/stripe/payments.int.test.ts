import { stripeCaller } from './testing/stripe-caller.js';

let on: Awaited<ReturnType<typeof stripeCaller>>;
let customer: string;
beforeEach(async () => {
  on = await stripeCaller();
  customer = await on.customer();
});
afterEach(() => on.stripe.stop());

const base = { amount: 500, currency: 'usd', confirm: true, off_session: true, metadata: { attempt_id: 'a1' } };
const pay = (card: string, more: object = {}) =>
  on.post('/v1/payment_intents', { ...base, customer, payment_method: card, ...more });
const saved = (card: string) => String(on.act('attach-card', { customer, card })['id']);
const entries = () =>
  on.stripe.ledger().entries.map(({ kind, amountCents, metadata }) => [kind, amountCents, metadata]);
const intentOf = async (id: unknown) => (await on.get(`/v1/payment_intents/${String(id)}`)).body;
const PATH = '/v1/payment_intents';

test('a saved card is charged off-session, once, and the ledger says what for', async () => {
  const { status, body } = await pay(saved('pm_card_visa'));
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({ status: 'succeeded', amount_received: 500, metadata: { attempt_id: 'a1' } }),
  ]);
  expect(entries()).toEqual([['charge', 500, { attempt_id: 'a1' }]]);
  expect((await on.get(`/v1/charges/${String(body['latest_charge'])}`)).body).toMatchObject({
    paid: true,
    amount: 500,
  });
});

test.each([
  ['pm_card_visa_chargeDeclined', { code: 'card_declined', decline_code: 'generic_decline' }],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', { code: 'card_declined', decline_code: 'insufficient_funds' }],
  ['pm_card_visa_chargeDeclinedLostCard', { code: 'card_declined', decline_code: 'lost_card' }],
  ['pm_card_chargeDeclinedExpiredCard', { code: 'expired_card' }],
  ['pm_card_chargeDeclinedIncorrectCvc', { code: 'incorrect_cvc' }],
  ['pm_card_chargeDeclinedProcessingError', { code: 'processing_error' }],
  ['pm_card_authenticationRequired', { code: 'authentication_required', decline_code: 'authentication_required' }],
])('%s is a 402 whose intent wants another card', async (card, expected) => {
  const { status, error } = await pay(saved(card));
  expect([status, error]).toEqual([402, expect.objectContaining({ type: 'card_error', ...expected })]);
  const { id } = error['payment_intent'] as { id: string };
  expect(await intentOf(id)).toMatchObject({
    status: 'requires_payment_method',
    payment_method: null,
    last_payment_error: expected,
  });
  expect(entries()).toEqual([['decline', 500, { attempt_id: 'a1' }]]);
});

test('a card that asked for 3-D Secure when it was set up passes once it is saved', async () => {
  expect((await pay('pm_card_authenticationRequiredOnSetup')).error['code']).toBe('authentication_required');
  expect((await pay(saved('pm_card_authenticationRequiredOnSetup'))).body['status']).toBe('succeeded');
});

describe('3-D Secure with a person there', () => {
  const present = { off_session: false, return_url: 'http://localhost/back' };
  const start = async (card = 'pm_card_authenticationRequired') => (await pay(saved(card), present)).body;

  test('waits in requires_action, and is paid when it was passed', async () => {
    const { id, status } = await start();
    expect(status).toBe('requires_action');
    expect(on.act('authenticate', { payment_intent: id })).toMatchObject({ status: 'succeeded' });
    expect(entries()).toEqual([['charge', 500, { attempt_id: 'a1' }]]);
  });

  test('wants another card when it was not, or when the bank then declines', async () => {
    on.act('authenticate', { payment_intent: (await start())['id'], fail: true });
    on.act('authenticate', {
      payment_intent: (await start('pm_card_authenticationRequiredChargeDeclinedInsufficientFunds'))['id'],
    });
    expect(entries().map(([kind]) => kind)).toEqual(['decline', 'decline']);
  });

  test('is a 402 when the caller does not want to wait', async () => {
    const answer = await pay(saved('pm_card_authenticationRequired'), { ...present, error_on_requires_action: true });
    expect([answer.status, answer.error['code']]).toEqual([402, 'authentication_required']);
  });
});

describe('an intent that was left open', () => {
  const left = async (outcome: string, more: object = {}) => {
    on.act('set-next-payment', { outcome, customer, ...more });
    return (await pay(saved('pm_card_visa'))).body;
  };
  const cancel = (id: unknown) => on.post(`${PATH}/${String(id)}/cancel`);

  test.each(['requires_action', 'requires_confirmation'])('in %s can be cancelled, once', async (outcome) => {
    const { id, status } = await left(outcome);
    expect(status).toBe(outcome);
    expect((await cancel(id)).body).toMatchObject({ status: 'canceled', canceled_at: 1_700_000_000 });
    const again = await cancel(id);
    expect([again.status, again.error]).toEqual([
      400,
      expect.objectContaining({ code: 'payment_intent_unexpected_state', payment_intent: expect.anything() }),
    ]);
    expect(entries()).toEqual([['cancel', 500, { attempt_id: 'a1' }]]);
  });

  test('in processing cannot be cancelled, and ends later', async () => {
    const [good, bad] = [await left('processing'), await left('processing')];
    expect((await cancel(good['id'])).error['code']).toBe('payment_intent_unexpected_state');
    on.act('settle-payment', { payment_intent: good['id'] });
    on.act('settle-payment', { payment_intent: bad['id'], decline: 'insufficient_funds' });
    expect((await intentOf(good['id']))['status']).toBe('succeeded');
    expect((await intentOf(bad['id']))['status']).toBe('requires_payment_method');
    expect(() => on.act('settle-payment', { payment_intent: good['id'] })).toThrow('it is not in processing');
  });

  test('in processing can be cancelled when it is one of the rare cases', async () => {
    const { id } = await left('processing', { cancellable: true });
    expect((await cancel(id)).body['status']).toBe('canceled');
  });

  test('after a decline can be cancelled, or confirmed with another card', async () => {
    const { error } = await pay(saved('pm_card_chargeDeclined'));
    const { id } = error['payment_intent'] as { id: string };
    const confirmed = await on.post(`${PATH}/${id}/confirm`, {
      payment_method: saved('pm_card_visa'),
      off_session: true,
    });
    expect(confirmed.body['status']).toBe('succeeded');
    expect((await cancel(id)).error['code']).toBe('payment_intent_unexpected_state');
    expect((await on.post(`${PATH}/${id}/confirm`)).error['code']).toBe('payment_intent_unexpected_state');
  });
});

test('the next outcome is of one customer and is used up', async () => {
  on.act('set-next-payment', { outcome: 'do_not_honor', customer: 'cus_other' });
  on.act('set-next-payment', { outcome: 'do_not_honor', customer, times: 2 });
  const card = saved('pm_card_visa');
  const ends = [await pay(card), await pay(card), await pay(card)].map(({ status }) => status);
  expect(ends).toEqual([402, 402, 200]);
});

test('the intents of a customer are listed with their metadata, newest first, by time too', async () => {
  const card = saved('pm_card_visa');
  await pay(card);
  on.clock.advance(100);
  await pay(card, { metadata: { attempt_id: 'a2' } });
  await on.post(PATH, { ...base, customer: await on.customer(), payment_method: 'pm_card_visa' });
  const attempts = async (more: object) =>
    ((await on.get(PATH, { customer, ...more })).body['data'] as { metadata: { attempt_id: string } }[]).map(
      ({ metadata }) => metadata.attempt_id,
    );
  expect(await attempts({})).toEqual(['a2', 'a1']);
  expect(await attempts({ created: { gte: 1_700_000_100 } })).toEqual(['a2']);
  expect(await attempts({ limit: 1 })).toEqual(['a2']);
});

test('charges are listed by intent', async () => {
  const { id } = (await pay(saved('pm_card_visa'))).body;
  await pay(saved('pm_card_visa'));
  expect((await on.get('/v1/charges', { payment_intent: id })).body).toMatchObject({ data: [{ payment_intent: id }] });
});

test.each<[string, object, object]>([
  ['an amount under 50 cents', { amount: 49 }, { param: 'amount' }],
  ['half a cent', { amount: 99.5 }, { param: 'amount' }],
  ['a currency of four letters', { currency: 'usdx' }, { param: 'currency' }],
  ['off_session without confirm', { confirm: false }, { param: 'off_session' }],
  ['a customer that is not there', { customer: 'cus_none' }, { code: 'resource_missing', param: 'customer' }],
  ['a card that is not there', { payment_method: 'pm_none' }, { code: 'resource_missing', param: 'payment_method' }],
  ['no return URL with a person there', { off_session: false }, { param: 'return_url' }],
])('refuses %s', async (_, change, error) => {
  const answer = await pay('pm_card_visa', change);
  expect([answer.status, answer.error]).toEqual([400, expect.objectContaining(error)]);
  expect(entries()).toEqual([]);
});

test("refuses another customer's card, and a confirm without any", async () => {
  const other = await on.customer();
  const { id } = on.act('attach-card', { customer: other });
  expect((await pay(String(id))).error['param']).toBe('payment_method');
  expect((await on.post(PATH, { ...base, customer })).error['code']).toBe('payment_intent_unexpected_state');
});
