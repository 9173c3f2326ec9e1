import { stripeCaller } from './testing/stripe-caller.js';

const PATH = '/v1/refunds';
let on: Awaited<ReturnType<typeof stripeCaller>>;
let intent: string;
beforeEach(async () => {
  on = await stripeCaller();
  const params = { amount: 900, currency: 'usd', confirm: true, off_session: true, payment_method: 'pm_card_visa' };
  intent = String((await on.post('/v1/payment_intents', params)).body['id']);
});
afterEach(() => on.stripe.stop());
const refund = (more: object = {}, key?: string) =>
  on.post(PATH, { payment_intent: intent, metadata: { refund_id: 'r1' }, ...more }, key);
const returned = () =>
  on.stripe
    .ledger()
    .entries.filter(({ kind }) => kind === 'refund')
    .map(({ amountCents }) => amountCents);

test('parts are given back until nothing is left', async () => {
  expect((await refund({ amount: 400 })).body).toMatchObject({ amount: 400, status: 'succeeded' });
  expect((await refund({ amount: 501 })).error).toMatchObject({ param: 'amount' });
  expect((await refund()).body['amount']).toBe(500);
  expect((await refund()).error).toMatchObject({ code: 'charge_already_refunded' });
  expect(returned()).toEqual([400, 500]);
  expect(on.stripe.ledger().entries.at(-1)).toMatchObject({ paymentIntent: intent, metadata: { refund_id: 'r1' } });
});

test('under one key it is given back once', async () => {
  const [first, second] = [await refund({ amount: 100 }, 'k'), await refund({ amount: 100 }, 'k')];
  expect(second.body).toEqual(first.body);
  expect(returned()).toEqual([100]);
});

test('is read back by id, by intent and by charge', async () => {
  const { id, charge } = (await refund({ amount: 100 })).body;
  expect((await on.get(`${PATH}/${String(id)}`)).body).toMatchObject({ id, metadata: { refund_id: 'r1' } });
  for (const by of [{ payment_intent: intent }, { charge }]) {
    expect((await on.get(PATH, by)).body).toMatchObject({ data: [{ id }] });
  }
  expect((await on.post(PATH, { charge, amount: 1 })).status).toBe(200);
});

test('one that waits arrives later, or comes back to us', async () => {
  on.act('set-next-refund', { status: 'pending' });
  const good = (await refund({ amount: 100 })).body;
  on.act('set-next-refund', { status: 'pending' });
  const bad = (await refund({ amount: 200 })).body;
  expect([good['status'], bad['status']]).toEqual(['pending', 'pending']);
  on.act('settle-refund', { refund: good['id'], status: 'succeeded' });
  on.act('settle-refund', { refund: bad['id'], status: 'failed' });
  expect(returned()).toEqual([100, 200, -200]);
  expect((await refund()).body['amount']).toBe(800);
});

test('one that failed at once gives nothing back', async () => {
  on.act('set-next-refund', { status: 'failed' });
  expect((await refund({ amount: 100 })).body['status']).toBe('failed');
  expect(returned()).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['an intent that is not there', { payment_intent: 'pi_none' }],
  ['both intent and charge', { payment_intent: 'pi_none', charge: 'ch_none' }],
  ['neither', {}],
])('refuses %s', async (_, params) => {
  expect((await on.post(PATH, params)).status).toBe(400);
});

test('refuses to give no money back', async () => {
  expect((await refund({ amount: 0 })).error).toMatchObject({ param: 'amount' });
});

test('refuses an intent that nobody paid', async () => {
  const open = await on.post('/v1/payment_intents', { amount: 500, currency: 'usd' });
  expect((await refund({ payment_intent: open.body['id'] })).status).toBe(400);
});
