import { manualClock } from '@caravel/domain';

import { ledgerNode } from '../lightning/ledger-node.js';
import { httpRequest } from '../test-support/http-request.js';
import { lightningWorld } from '../wallet/lightning-world.js';
import { type LnbitsStandIn, startLnbits } from './start-lnbits.js';

const clock = manualClock(1_800_000_000);
let alice: LnbitsStandIn;
let old: LnbitsStandIn;
beforeEach(async () => {
  const world = lightningWorld({ clock });
  const node = (name: string) => ledgerNode({ world, name, balanceMsats: 1_000_000n, feeMsats: () => 1_500n });
  alice = await startLnbits({ node: node('alice'), clock });
  old = await startLnbits({ node: node('old'), clock, version: '0.12' });
});
afterEach(() => Promise.all([alice.stop(), old.stop()]));

const ask = (
  lnbits: LnbitsStandIn,
  path: string,
  { key = lnbits.adminKey, body }: { key?: string; body?: object } = {},
) =>
  httpRequest(lnbits.url + path, {
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
const payments = (lnbits: LnbitsStandIn, body: object, key?: string) =>
  ask(lnbits, '/api/v1/payments', { body, ...(key !== undefined && { key }) });
const bill = async (lnbits: LnbitsStandIn, amount = 100) =>
  (await payments(lnbits, { out: false, amount, memo: 'x' })).json() as Record<string, string>;

test('a payment has the form of its release, on either side', async () => {
  const byOld = await bill(old);
  expect(Object.keys(byOld)).toEqual(['payment_hash', 'payment_request', 'checking_id', 'lnurl_response']);
  const made = await payments(alice, { out: true, bolt11: byOld['payment_request'] });
  expect([made.status, made.json()]).toEqual([
    201,
    expect.objectContaining({ amount: -100_000, fee: -1_500, status: 'success' }) as unknown,
  ]);

  const byNew = await bill(alice);
  const paid = await payments(old, { out: true, bolt11: byNew['bolt11'] });
  expect(Object.keys(paid.json() as object)).toEqual(['payment_hash', 'checking_id']);
  const path = `/api/v1/payments/${byNew['payment_hash'] ?? ''}`;
  expect((await ask(old, path)).json()).toMatchObject({ paid: true, details: { pending: false, time: 1_800_000_000 } });
  expect((await ask(alice, path)).json()).toMatchObject({ paid: true, status: 'success' });
  expect((await ask(alice, '/api/v1/wallet')).json()).toMatchObject({ balance: 998_500 });
});

test('a payment that fails is a 520; a second one of the same invoice says what the first one did', async () => {
  const { payment_request: bolt11 } = await bill(old, 5_000);
  const broke = await payments(alice, { out: true, bolt11 });
  expect([broke.status, broke.json()]).toMatchObject([520, { status: 'failed' }]);
  const { payment_request: cheap } = await bill(old);
  await payments(alice, { out: true, bolt11: cheap });
  expect((await payments(alice, { out: true, bolt11: cheap })).json()).toEqual({
    detail: 'Payment already paid.',
    status: 'success',
  });
});

test.each<[number, string, () => Promise<{ status: number }>]>([
  [401, 'no key', () => httpRequest(`${alice.url}/api/v1/wallet`)],
  [404, 'an unknown key', () => ask(alice, '/api/v1/wallet', { key: 'x' })],
  [403, 'a payment with the invoice key', () => payments(alice, { out: true, bolt11: 'x' }, alice.invoiceKey)],
  [422, 'a body that says not which way', () => payments(alice, { amount: 5 })],
  [422, 'a field that LNbits has not', () => payments(alice, { out: true, bolt11: 'x', max_fee: 5 })],
  [520, 'a damaged invoice', () => payments(alice, { out: true, bolt11: 'x' })],
  [404, 'an unknown payment', () => ask(alice, `/api/v1/payments/${'ab'.repeat(32)}`)],
  [404, 'an unknown path', () => ask(alice, '/api/v2')],
])('%i for %s', async (status, _what, request) => {
  expect((await request()).status).toBe(status);
});
