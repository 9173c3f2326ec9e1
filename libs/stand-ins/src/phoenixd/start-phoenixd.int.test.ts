import { manualClock } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';

import { ledgerNode } from '../lightning/ledger-node.js';
import { httpRequest } from '../test-support/http-request.js';
import { lightningWorld } from '../wallet/lightning-world.js';
import { offerBook } from './offer-book.js';
import { type PhoenixdStandIn, startPhoenixd } from './start-phoenixd.js';

const clock = manualClock(1_800_000_000);
const FORM = 'application/x-www-form-urlencoded';
let alice: PhoenixdStandIn;
let bob: PhoenixdStandIn;
beforeEach(async () => {
  const world = lightningWorld({ clock });
  const offers = offerBook();
  const node = (name: string) => ledgerNode({ world, name, balanceMsats: 1_000_000n, feeMsats: () => 1_500n });
  alice = await startPhoenixd({ node: node('alice'), clock, offers });
  bob = await startPhoenixd({ node: node('bob'), clock, offers });
});
afterEach(() => Promise.all([alice.stop(), bob.stop()]));

const basic = (password: string) => ({ authorization: `Basic ${Buffer.from(`:${password}`).toString('base64')}` });
const get = (phoenixd: PhoenixdStandIn, path: string) =>
  httpRequest(phoenixd.url + path, { headers: basic(phoenixd.password) });
const post = (phoenixd: PhoenixdStandIn, path: string, form: Record<string, string>) =>
  httpRequest(phoenixd.url + path, {
    method: 'POST',
    headers: { ...basic(phoenixd.password), 'content-type': FORM },
    body: new URLSearchParams(form).toString(),
  });
const bill = async (form: Record<string, string> = { amountSat: '100', description: 'x' }) =>
  (await post(bob, '/createinvoice', form)).json() as { serialized: string; paymentHash: string };

test('a payment is answered with its preimage, and either side tells it by its hash', async () => {
  const { serialized, paymentHash } = await bill();
  const paid = (await post(alice, '/payinvoice', { invoice: serialized })).json();
  expect(paid).toMatchObject({ recipientAmountSat: 100, routingFeeSat: 1, paymentHash });
  expect((await get(alice, `/payments/outgoingbyhash/${paymentHash}`)).json()).toMatchObject({
    isPaid: true,
    sent: 101,
    fees: 1500,
    preimage: (paid as { paymentPreimage: string }).paymentPreimage,
  });
  expect((await get(bob, `/payments/incoming/${paymentHash}`)).json()).toMatchObject({
    isPaid: true,
    receivedSat: 100,
  });
  expect((await get(alice, '/getbalance')).json()).toEqual({ balanceSat: 898, feeCreditSat: 0 });
});

test('a payment that fails is answered with 200 and a reason', async () => {
  const { serialized, paymentHash } = await bill({ amountSat: '5000', description: 'too much' });
  const answer = await post(alice, '/payinvoice', { invoice: serialized });
  expect([answer.status, answer.json()]).toEqual([200, { paymentHash, reason: expect.any(String) as string }]);
  await post(alice, '/payinvoice', { invoice: (await bill()).serialized });
  const { serialized: second } = await bill();
  await post(alice, '/payinvoice', { invoice: second });
  expect((await post(alice, '/payinvoice', { invoice: second })).json()).toMatchObject({
    reason: expect.stringContaining('already been paid') as string,
  });
});

test('an offer is paid by the amount that is said', async () => {
  const { text: offer } = await get(bob, '/getoffer');
  expect(offer).toMatch(/^lno1/);
  const paid = (await post(alice, '/payoffer', { offer, amountSat: '7' })).json();
  expect(paid).toMatchObject({ recipientAmountSat: 7 });
  expect((await post(alice, '/payoffer', { offer: 'lno1qqq', amountSat: '7' })).json()).toMatchObject({
    reason: expect.any(String) as string,
  });
});

test.each<[number, string, () => Promise<{ status: number }>]>([
  [401, 'no password', () => httpRequest(`${alice.url}/getinfo`)],
  [401, 'a wrong password', () => httpRequest(`${alice.url}/getinfo`, { headers: basic('x') })],
  [
    401,
    'a payment with the limited password',
    () =>
      httpRequest(`${alice.url}/payinvoice`, {
        method: 'POST',
        headers: { ...basic(alice.limitedPassword), 'content-type': FORM },
        body: 'invoice=x',
      }),
  ],
  [
    415,
    'a body that is no form',
    () =>
      httpRequest(`${alice.url}/payinvoice`, {
        method: 'POST',
        headers: { ...basic(alice.password), 'content-type': 'application/json' },
        body: '{}',
      }),
  ],
  [400, 'no invoice', () => post(alice, '/payinvoice', {})],
  [400, 'a damaged invoice', () => post(alice, '/payinvoice', { invoice: 'lnbcrt1' })],
  [400, 'a fraction of a sat', () => post(alice, '/createinvoice', { amountSat: '1.5', description: 'x' })],
  [400, 'no description', () => post(alice, '/createinvoice', { amountSat: '1' })],
  [400, 'a long description', () => post(alice, '/createinvoice', { amountSat: '1', description: 'x'.repeat(129) })],
  [400, 'a hash where an id belongs', () => get(alice, `/payments/outgoing/${'ab'.repeat(32)}`)],
  [404, 'an unknown hash', () => get(alice, `/payments/outgoingbyhash/${'ab'.repeat(32)}`)],
  [404, 'an unknown path', () => get(alice, '/pay')],
])('%i for %s', async (status, _what, request) => {
  expect((await request()).status).toBe(status);
});

test('an invoice expires when it says so', async () => {
  const made = await bill({ amountSat: '1', description: 'x', expirySeconds: '60' });
  expect(decodeBolt11(made.serialized).expiryS).toBe(60);
  clock.advance(60);
  expect((await get(bob, `/payments/incoming/${made.paymentHash}`)).json()).toMatchObject({ isExpired: true });
});
