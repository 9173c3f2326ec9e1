import { stripeCaller } from './testing/stripe-caller.js';

let on: Awaited<ReturnType<typeof stripeCaller>>;
beforeEach(async () => {
  on = await stripeCaller();
});
afterEach(() => on.stripe.stop());
const idsOf = (body: Record<string, unknown>) => (body['data'] as { id: string }[]).map(({ id }) => id);

test('saved cards are listed newest first, by both lists', async () => {
  const customer = await on.customer();
  const first = on.act('attach-card', { customer });
  on.clock.advance(10);
  const second = on.act('attach-card', { customer, card: 'pm_card_mastercard' });
  const ids = [second['id'], first['id']];
  const path = `/v1/customers/${customer}/payment_methods`;
  expect(idsOf((await on.get(path, { type: 'card' })).body)).toEqual(ids);
  expect(idsOf((await on.get('/v1/payment_methods', { customer })).body)).toEqual(ids);
  expect(idsOf((await on.get(path, { limit: 1 })).body)).toEqual([second['id']]);
  expect(idsOf((await on.get(path, { type: 'sepa_debit' })).body)).toEqual([]);
  expect((await on.get(`/v1/payment_methods/${String(first['id'])}`)).body).toMatchObject({
    customer,
    card: { brand: 'visa', last4: '4242' },
  });
});

test('the default card is read back with the customer, set over the API, unset, and lost with the card', async () => {
  const customer = await on.customer('pm_card_visa');
  const path = `/v1/customers/${customer}`;
  const read = async () => (await on.get(path, { expand: ['invoice_settings.default_payment_method'] })).body;
  expect(await read()).toMatchObject({ invoice_settings: { default_payment_method: { card: { last4: '4242' } } } });
  const other = (await on.post('/v1/payment_methods/pm_card_mastercard/attach', { customer })).body['id'];
  await on.post(path, { invoice_settings: { default_payment_method: other } });
  expect(await read()).toMatchObject({ invoice_settings: { default_payment_method: { id: other } } });
  expect((await on.post(`/v1/payment_methods/${String(other)}/detach`)).body).toMatchObject({ customer: null });
  expect(await read()).toMatchObject({ invoice_settings: { default_payment_method: null } });
});

test("a customer's default is one of its own cards", async () => {
  const [mine, theirs] = [await on.customer(), await on.customer('pm_card_visa')];
  const card = idsOf((await on.get('/v1/payment_methods', { customer: theirs })).body)[0];
  const answer = await on.post(`/v1/customers/${mine}`, { invoice_settings: { default_payment_method: card } });
  expect([answer.status, answer.error]).toEqual([
    400,
    expect.objectContaining({ code: 'resource_missing', param: 'invoice_settings[default_payment_method]' }),
  ]);
});

test('a customer that is deleted has lost its cards, can be read as that, and is deleted once', async () => {
  const customer = await on.customer('pm_card_visa');
  const path = `/v1/customers/${customer}`;
  const card = idsOf((await on.get('/v1/payment_methods', { customer })).body)[0];
  const deleted = { id: customer, object: 'customer', deleted: true };
  expect((await on.remove(path)).body).toEqual(deleted);
  expect((await on.get(path)).body).toEqual(deleted);
  expect((await on.get(`/v1/payment_methods/${String(card)}`)).body).toMatchObject({ customer: null });
  for (const again of [await on.remove(path), await on.post(path, { name: 'x' })]) {
    expect([again.status, again.error]).toEqual([404, expect.objectContaining({ code: 'resource_missing' })]);
  }
});

test('a card is attached once and detached once', async () => {
  const customer = await on.customer();
  const card = String(on.act('attach-card', { customer })['id']);
  expect((await on.post(`/v1/payment_methods/${card}/attach`, { customer })).status).toBe(400);
  on.act('detach-card', { payment_method: card });
  expect((await on.post(`/v1/payment_methods/${card}/detach`)).status).toBe(400);
});

test('metadata is merged, and an empty value unsets its key', async () => {
  const customer = await on.customer();
  const change = (metadata: unknown) => on.post(`/v1/customers/${customer}`, { metadata, name: 'Ada' });
  expect((await change({ more: '1' })).body).toMatchObject({ name: 'Ada', metadata: { tenant: 'ab', more: '1' } });
  expect((await change({ more: '' })).body['metadata']).toEqual({ tenant: 'ab' });
  expect((await change('')).body['metadata']).toEqual({});
});

test.each([
  ['GET', '/v1/payment_methods/pm_none', 404],
  ['GET', '/v1/customers/cus_none/payment_methods', 404],
  ['POST', '/v1/customers/cus_none', 404],
])('%s %s is %i', async (...[method, path, status]) => {
  const answer = method === 'GET' ? await on.get(path) : await on.post(path);
  expect([answer.status, answer.error['code']]).toEqual([status, 'resource_missing']);
});
