import { manualClock } from '@caravel/domain';

import type { StandIn } from '../stand-in.js';
import { startStripe } from './start-stripe.js';

const clock = manualClock(1_700_000_000);
let stripe: StandIn;
beforeEach(async () => {
  stripe = await startStripe({ clock });
});
afterEach(() => stripe.stop());

async function call(method: string, path: string, options: { form?: string; headers?: Record<string, string> } = {}) {
  const answer = await fetch(`${stripe.url}${path}`, {
    method,
    headers: { authorization: 'Bearer sk_test_1', ...options.headers },
    ...(options.form === undefined ? {} : { body: new URLSearchParams(options.form) }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}
const errorOf = (answer: { body: Record<string, unknown> }) => answer.body['error'];
const create = (form: string, key?: string) =>
  call('POST', '/v1/customers', { form, headers: key === undefined ? {} : { 'idempotency-key': key } });

test('a customer that was created can be read', async () => {
  const { status, body } = await create('name=Ada&metadata[pubkey]=ab');
  expect([status, body]).toEqual([
    200,
    expect.objectContaining({ object: 'customer', name: 'Ada', created: 1_700_000_000 }),
  ]);
  expect(body['metadata']).toEqual({ pubkey: 'ab' });
  expect((await call('GET', `/v1/customers/${String(body['id'])}`)).body).toEqual(body);
});

test('a customer that is not there is 404 resource_missing', async () => {
  const answer = await call('GET', '/v1/customers/cus_none');
  expect([answer.status, errorOf(answer)]).toEqual([
    404,
    expect.objectContaining({ code: 'resource_missing', param: 'id' }),
  ]);
});

test.each([
  ['nmae=Ada', { code: 'parameter_unknown', param: 'nmae' }],
  ['email=nobody', { param: 'email' }],
  [`metadata[${'k'.repeat(41)}]=1`, { type: 'invalid_request_error' }],
  ['name[first]=Ada', { param: 'name' }],
])('refuses %s', async (form, error) => {
  const answer = await create(form);
  expect([answer.status, errorOf(answer)]).toEqual([400, expect.objectContaining(error)]);
});

test.each([
  ['no key', ''],
  ['a live key', 'Bearer sk_live_1'],
  ['a publishable key', 'Bearer pk_test_1'],
])('refuses %s with 401', async (_, authorization) => {
  expect((await call('GET', '/v1/customers/x', { headers: { authorization } })).status).toBe(401);
});

test('takes the key as Basic too', async () => {
  const authorization = `Basic ${Buffer.from('sk_test_1:').toString('base64')}`;
  expect((await call('POST', '/v1/customers', { form: '', headers: { authorization } })).status).toBe(200);
});

test('an unknown route is 404', async () => {
  expect((await call('POST', '/v1/nothing', { form: '' })).status).toBe(404);
  expect((await call('DELETE', '/v1/customers')).status).toBe(404);
});

describe('Idempotency-Key', () => {
  test('the same request under the same key creates once and says that it was replayed', async () => {
    const [first, second] = [await create('name=Ada', 'k1'), await create('name=Ada', 'k1')];
    expect(second.body).toEqual(first.body);
    expect([first, second].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(stripe.ledger()).toMatchObject({ objects: [{ name: 'Ada' }] });
  });

  test('another request under the same key is refused', async () => {
    await create('name=Ada', 'k1');
    const answer = await create('name=Bob', 'k1');
    expect([answer.status, errorOf(answer)]).toEqual([400, expect.objectContaining({ type: 'idempotency_error' })]);
  });

  test('a refused request does not use the key up, and after a day it is free', async () => {
    expect((await create('nmae=Ada', 'k1')).status).toBe(400);
    expect((await create('name=Ada', 'k1')).status).toBe(200);
    clock.advance(24 * 3600 + 1);
    expect((await create('name=Bob', 'k1')).body).toMatchObject({ name: 'Bob' });
  });

  test('when the answer is lost, asking again gives the customer that was made', async () => {
    stripe.faults.set([{ match: 'POST /v1/customers', mode: 'drop-answer', times: 1 }]);
    await expect(create('name=Ada', 'k1')).rejects.toThrow();
    expect((await create('name=Ada', 'k1')).headers.get('idempotent-replayed')).toBe('true');
    expect(stripe.ledger()).toMatchObject({ objects: [{ name: 'Ada' }] });
  });
});

test('fails as Stripe fails', async () => {
  stripe.faults.set([{ match: '/v1/customers', mode: 'fail', status: 503, times: 1 }]);
  const answer = await create('');
  expect([answer.status, errorOf(answer)]).toEqual([503, expect.objectContaining({ type: 'api_error' })]);
});
