import { poll } from '../test-support/poll.js';
import { stripeCaller } from './testing/stripe-caller.js';

const PATH = '/v1/payment_intents';
let on: Awaited<ReturnType<typeof stripeCaller>>;
beforeEach(async () => {
  on = await stripeCaller();
});
afterEach(() => on.stripe.stop());

const pay = (key: string, more: object = {}) => {
  const params = { amount: 500, currency: 'usd', confirm: true, off_session: true, payment_method: 'pm_card_visa' };
  return on.post(PATH, { ...params, ...more }, key);
};
const charges = () => on.stripe.ledger().entries.filter(({ kind }) => kind === 'charge').length;
const replayed = ({ headers }: { headers: Headers }) => headers.get('idempotent-replayed');

test('a payment asked for twice under one key is made once', async () => {
  const [first, second] = [await pay('k'), await pay('k')];
  expect(second.body).toEqual(first.body);
  expect([replayed(first), replayed(second), charges()]).toEqual([null, 'true', 1]);
});

test('a decline is replayed as it was, whatever became of the intent', async () => {
  const card = { payment_method: 'pm_card_chargeDeclined' };
  const first = await pay('k', card);
  const { id } = first.error['payment_intent'] as { id: string };
  await on.post(`${PATH}/${id}/cancel`);
  const second = await pay('k', card);
  expect([second.status, replayed(second), second.error]).toEqual([402, 'true', first.error]);
});

test('another body under the same key is refused, and changes nothing', async () => {
  await pay('k');
  const answer = await pay('k', { amount: 501 });
  expect([answer.status, answer.error['type'], charges()]).toEqual([400, 'idempotency_error', 1]);
});

test('a key is free again after 24 hours, and the same request is then a new charge', async () => {
  await pay('k');
  on.clock.advance(24 * 3600 - 1);
  expect(replayed(await pay('k'))).toBe('true');
  on.clock.advance(1);
  expect([replayed(await pay('k')), charges()]).toEqual([null, 2]);
});

test.each([
  ['though the money was taken', true, 1],
  ['and no money was taken', false, 0],
])('a 500 stays under its key for 24 hours, %s', async (_, done, taken) => {
  on.stripe.faults.set([{ match: `POST ${PATH}`, mode: 'fail', status: 500, done, times: 1 }]);
  expect((await pay('k')).status).toBe(500);
  const again = await pay('k');
  expect([again.status, replayed(again), charges()]).toEqual([500, 'true', taken]);
  on.clock.advance(24 * 3600);
  expect([(await pay('k')).status, charges()]).toEqual([200, taken + 1]);
});

test.each([502, 503, 504])('a %i came from in front of Stripe: the key tells what really happened', async (status) => {
  on.stripe.faults.set([{ match: `POST ${PATH}`, mode: 'fail', status, done: true, times: 1 }]);
  expect((await pay('k')).status).toBe(status);
  const again = await pay('k');
  expect([again.status, replayed(again), charges()]).toEqual([200, 'true', 1]);
});

test('when the answer is lost, asking again gives it', async () => {
  on.stripe.faults.set([{ match: `POST ${PATH}`, mode: 'drop-answer', times: 1 }]);
  await expect(pay('k')).rejects.toThrow();
  const again = await pay('k');
  expect([again.status, replayed(again), charges()]).toEqual([200, 'true', 1]);
});

test('while a request runs its key is in use; afterwards it gives the answer', async () => {
  on.act('set-latency', { ms: 200, match: `POST ${PATH}` });
  const first = pay('k');
  await poll(() => on.stripe.calls.list().find(({ subject }) => subject === `POST ${PATH}`));
  const meanwhile = await pay('k');
  expect([meanwhile.status, meanwhile.error['code']]).toEqual([409, 'idempotency_key_in_use']);
  expect((await first).status).toBe(200);
  on.act('set-latency', { ms: 0, match: `POST ${PATH}` });
  expect([replayed(await pay('k')), charges()]).toEqual(['true', 1]);
});

test('what was refused before it began does not use the key up', async () => {
  on.act('set-rate-limit', { perSecond: 0, match: `POST ${PATH}` });
  const limited = await pay('k');
  expect([limited.status, limited.headers.get('stripe-should-retry')]).toEqual([429, 'true']);
  on.act('set-rate-limit');
  expect((await pay('k', { amount: 'much' })).status).toBe(400);
  expect([(await pay('k')).status, charges()]).toEqual([200, 1]);
});
