import { stripeCaller } from './testing/stripe-caller.js';

const PATH = '/v1/checkout/sessions';
let on: Awaited<ReturnType<typeof stripeCaller>>;
let customer: string;
beforeEach(async () => {
  on = await stripeCaller();
  customer = await on.customer();
});
afterEach(() => on.stripe.stop());

const line = (cents: number, quantity = 1) => ({
  quantity,
  price_data: { currency: 'usd', unit_amount: cents, product_data: { name: 'Invoice 7' } },
});
const open = (more: object = {}) =>
  on.post(PATH, {
    mode: 'payment',
    customer,
    success_url: 'http://localhost/back?session={CHECKOUT_SESSION_ID}',
    expires_at: 1_700_000_000 + 1800,
    line_items: [line(450, 2)],
    metadata: { invoice_id: 'i1' },
    payment_intent_data: { metadata: { invoice_id: 'i1' } },
    ...more,
  });
const idOf = async (more: object = {}) => String((await open(more)).body['id']);
const read = async (id: string) => (await on.get(`${PATH}/${id}`, { expand: ['payment_intent'] })).body;
const expire = (id: string) => on.post(`${PATH}/${id}/expire`);

test('an open session has a page and no intent yet', async () => {
  const { status, body } = await open();
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({ status: 'open', payment_status: 'unpaid', amount_total: 900, payment_intent: null }),
  ]);
  expect(body['url']).toContain(on.stripe.url);
});

test('a session that was paid is complete, and its charge says which invoice it was for', async () => {
  const id = await idOf();
  on.act('pay-checkout', { session: id });
  expect(await read(id)).toMatchObject({
    status: 'complete',
    payment_status: 'paid',
    payment_intent: { status: 'succeeded', amount: 900, customer, metadata: { invoice_id: 'i1' } },
  });
  expect(on.stripe.ledger().entries).toMatchObject([{ kind: 'charge', amountCents: 900, session: id, customer }]);
});

test('what was paid cannot be paid again or expired', async () => {
  const id = await idOf();
  on.act('pay-checkout', { session: id });
  expect(() => on.act('pay-checkout', { session: id })).toThrow('status of complete');
  expect(await expire(id)).toMatchObject({ status: 400, error: { type: 'invalid_request_error' } });
});

test('a decline leaves it open, and the next card goes to the same intent', async () => {
  const id = await idOf();
  expect(() => on.act('pay-checkout', { session: id, card: 'pm_card_chargeDeclined' })).toThrow('declined');
  const { status, payment_intent } = await read(id);
  const tried = payment_intent as { id: string; status: string };
  expect([status, tried.status]).toEqual(['open', 'requires_payment_method']);
  on.act('pay-checkout', { session: id, card: 'pm_card_authenticationRequired' });
  expect((await read(id))['payment_intent']).toMatchObject({ id: tried.id, status: 'succeeded' });
});

test('a card can be saved while paying', async () => {
  on.act('pay-checkout', { session: await idOf(), save: true });
  expect((await on.get('/v1/payment_methods', { customer })).body['data']).toHaveLength(1);
});

test('an expired session cannot be paid, and takes its unpaid intent with it', async () => {
  const id = await idOf();
  expect(() => on.act('pay-checkout', { session: id, card: 'pm_card_chargeDeclined' })).toThrow();
  expect((await expire(id)).body).toMatchObject({ status: 'expired', url: null });
  expect((await read(id))['payment_intent']).toMatchObject({ status: 'canceled' });
  expect(() => on.act('pay-checkout', { session: id })).toThrow('status of expired');
  expect((await expire(id)).status).toBe(400);
});

test('it expires by itself when its time is over', async () => {
  const id = await idOf();
  on.clock.advance(1799);
  expect((await read(id))['status']).toBe('open');
  on.clock.advance(1);
  expect((await read(id))['status']).toBe('expired');
  expect(() => on.act('expire-checkout', { session: id })).toThrow('status of expired');
});

test('sessions are listed by customer and status', async () => {
  const [paid, left] = [await idOf(), await idOf()];
  on.act('pay-checkout', { session: paid });
  expect((await on.get(PATH, { customer, status: 'open' })).body).toMatchObject({ data: [{ id: left }] });
  expect((await on.get(PATH, { customer: 'cus_none' })).body['data']).toEqual([]);
});

test.each<[string, object, object]>([
  ['half an hour less a second', { expires_at: 1_700_001_799 }, { param: 'expires_at' }],
  ['more than a day', { expires_at: 1_700_086_401 }, { param: 'expires_at' }],
  ['less than 50 cents', { line_items: [line(49)] }, { code: 'amount_too_small' }],
  ['a subscription', { mode: 'subscription' }, { param: 'mode' }],
  ['an address that is none', { success_url: 'back' }, { param: 'success_url' }],
  ['a customer that is not there', { customer: 'cus_none' }, { code: 'resource_missing', param: 'customer' }],
  ['a line without a price', { line_items: [{ quantity: 1 }] }, { param: 'line_items[0][price_data]' }],
])('refuses %s', async (_, change, error) => {
  const answer = await open(change);
  expect([answer.status, answer.error]).toEqual([400, expect.objectContaining(error)]);
});

test('a portal session is a page of a customer', async () => {
  const portal = await on.post('/v1/billing_portal/sessions', { customer, return_url: 'http://localhost/back' });
  expect([portal.status, portal.body]).toEqual([200, expect.objectContaining({ customer })]);
  expect(portal.body['url']).toContain(on.stripe.url);
  expect((await on.post('/v1/billing_portal/sessions', { customer: 'cus_none' })).error['code']).toBe(
    'resource_missing',
  );
});
