import './global-web-socket.js';

import { createHash } from 'node:crypto';

import { pubkeySchema, systemClock, unixSeconds } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { NWCClient } from '@getalby/sdk/nwc';
import { jest } from '@jest/globals';

import { type RelayStandIn, startRelay } from '../relay/start-relay.js';
import { poll } from '../test-support/poll.js';
import { rawClient } from '../test-support/raw-client.js';
import { type LightningWorld, lightningWorld } from './lightning-world.js';
import { startWallet, type WalletStandIn } from './start-wallet.js';

let relay: RelayStandIn;
let world: LightningWorld;
let system: WalletStandIn;
let tenant: WalletStandIn;
const clients: NWCClient[] = [];
const clientOf = (wallet: WalletStandIn) => {
  const client = new NWCClient({ nostrWalletConnectUrl: wallet.url });
  clients.push(client);
  return client;
};
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: unknown) => (error as { code: string }).code,
  );

// The SDK's client writes every connection and refusal to the console.
for (const method of ['info', 'warn', 'error'] as const) jest.spyOn(console, method).mockReturnValue();

beforeEach(async () => {
  relay = await startRelay();
  world = lightningWorld({ clock: systemClock });
  const canNotSpend = ['get_info', 'make_invoice', 'lookup_invoice'] as const;
  system = await startWallet({ relayUrl: relay.url, world, name: 'system', methods: canNotSpend });
  tenant = await startWallet({ relayUrl: relay.url, world, name: 'tenant', balanceMsats: 1_000_000n });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all([system.stop(), tenant.stop()]);
  await relay.stop();
});

test("the tenant's wallet pays the system wallet's invoice, and the preimage proves it", async () => {
  const [payee, payer] = [clientOf(system), clientOf(tenant)];
  const made = await payee.makeInvoice({ amount: 21_000, description: 'one month', expiry: 600 });
  expect(decodeBolt11(made.invoice)).toMatchObject({ amountMsats: 21_000n, paymentHash: made.payment_hash });
  expect(await payee.lookupInvoice({ payment_hash: made.payment_hash })).toMatchObject({
    state: 'pending',
    preimage: '',
  });

  const { preimage } = await payer.payInvoice({ invoice: made.invoice });
  expect(createHash('sha256').update(Buffer.from(preimage, 'hex')).digest('hex')).toBe(made.payment_hash);
  expect(await payee.lookupInvoice({ invoice: made.invoice })).toMatchObject({ state: 'settled', preimage });
  expect(await payer.lookupInvoice({ payment_hash: made.payment_hash })).toMatchObject({ type: 'outgoing' });
  expect([system.balanceMsats(), tenant.balanceMsats()]).toEqual([21_000n, 979_000n]);
  expect(await payer.getBalance()).toEqual({ balance: 979_000 });
  expect((await payer.listTransactions({})).transactions).toHaveLength(1);
});

test('refusals carry the codes of NIP-47', async () => {
  const [payee, payer] = [clientOf(system), clientOf(tenant)];
  const [cheap, dear] = [await payee.makeInvoice({ amount: 1000 }), await payee.makeInvoice({ amount: 2_000_000 })];
  await payer.payInvoice({ invoice: cheap.invoice });
  expect(await codeOf(payer.payInvoice({ invoice: cheap.invoice }))).toBe('OTHER');
  expect(await codeOf(payer.payInvoice({ invoice: dear.invoice }))).toBe('INSUFFICIENT_BALANCE');
  expect(await codeOf(payer.payInvoice({ invoice: 'lnbc1' }))).toBe('OTHER');
  expect(await codeOf(payer.lookupInvoice({ payment_hash: '0'.repeat(64) }))).toBe('NOT_FOUND');
  expect(await codeOf(payer.makeInvoice({ amount: -5 }))).toBe('OTHER');
  expect(await codeOf(payer.signMessage({ message: 'x' }))).toBe('NOT_IMPLEMENTED');
  expect(await codeOf(payee.payInvoice({ invoice: dear.invoice }))).toBe('RESTRICTED');
  expect((await payee.getInfo()).methods).toEqual(['get_info', 'make_invoice', 'lookup_invoice']);
});

test('a key without a connection is told so', async () => {
  const stranger = new NWCClient({
    nostrWalletConnectUrl: tenant.url.replace(/secret=.*/, `secret=${generateSecret()}`),
  });
  clients.push(stranger);
  expect(await codeOf(stranger.getBalance())).toBe('UNAUTHORIZED');
});

test.each([
  [['nip44_v2', 'nip04'], 'nip44_v2'],
  [['nip44_v2'], 'nip44_v2'],
  [['nip04'], 'nip04'],
  [[], 'nip04'],
] as const)('a wallet that offers %j is spoken to in %s', async (encryptions, expected) => {
  const wallet = await startWallet({ relayUrl: relay.url, world, name: 'other', encryptions });
  const client = clientOf(wallet);
  expect(await client.getBalance()).toEqual({ balance: 0 });
  expect(client.encryptionType).toBe(expected);
  await wallet.stop();
});

test('both sides are notified of a payment', async () => {
  const [payee, payer] = [clientOf(system), clientOf(tenant)];
  const heard: string[] = [];
  const listen = (client: NWCClient) =>
    client.subscribeNotifications(({ notification_type: type }) => heard.push(type));
  const stopListening = [await listen(payee), await listen(payer)];
  await poll(() => (relay.calls.list().filter(({ subject }) => subject === 'REQ').length >= 4 ? true : undefined));
  const { invoice } = await payee.makeInvoice({ amount: 1000 });
  await payer.payInvoice({ invoice });
  await poll(() => (heard.length === 2 ? true : undefined));
  expect(heard.sort()).toEqual(['payment_received', 'payment_sent']);
  for (const stop of stopListening) stop();
});

/** A request as the tenant's client would sign it, for what the SDK's client cannot do. */
function signedRequest(method: string, params: object, expirationS = unixSeconds(new Date()) + 60) {
  const me = secretSigner(/secret=(\w+)/.exec(tenant.url)?.[1] ?? '');
  const tags = [
    ['p', tenant.pubkey],
    ['encryption', 'nip44_v2'],
    ['expiration', String(expirationS)],
  ];
  const content = me.nip44Encrypt(pubkeySchema.parse(tenant.pubkey), JSON.stringify({ method, params }));
  return me.sign({ kind: 23_194, created_at: unixSeconds(new Date()), tags, content });
}

test('an answer names its recipient and its request, and a repeated request pays once', async () => {
  const raw = await rawClient(relay.url);
  const request = signedRequest('pay_invoice', { invoice: world.makeInvoice('system', { amountMsats: 1000n }).bolt11 });
  raw.send('REQ', 'answers', { kinds: [23_195], '#p': [request.pubkey] });
  await raw.next('EOSE', 'answers');
  raw.send('EVENT', request);
  raw.send('EVENT', request);
  const [, , answer] = await raw.next('EVENT', 'answers');
  expect((answer as { tags: string[][] }).tags).toEqual([
    ['p', request.pubkey],
    ['e', request.id],
  ]);
  const next = signedRequest('get_balance', {});
  raw.send('EVENT', next);
  await poll(() => (tenant.calls.list().length > 1 ? true : undefined));
  expect(tenant.calls.list().map(({ subject }) => subject)).toEqual(['pay_invoice', 'get_balance']);
  raw.close();
});

describe('faults', () => {
  const invoice = () => world.makeInvoice('system', { amountMsats: 1000n }).bolt11;
  test('drop-answer pays and says nothing', async () => {
    tenant.faults.set([{ match: 'pay_invoice', mode: 'drop-answer', times: 1 }]);
    const raw = await rawClient(relay.url);
    raw.send('EVENT', signedRequest('pay_invoice', { invoice: invoice() }));
    await poll(() => (tenant.calls.list()[0]?.['outcome'] === 'cut' ? true : undefined));
    expect(system.balanceMsats()).toBe(1000n);
    raw.close();
  });

  test('fail with done pays and lies', async () => {
    tenant.faults.set([{ match: 'pay_invoice', mode: 'fail', code: 'PAYMENT_FAILED', done: true, times: 1 }]);
    expect(await codeOf(clientOf(tenant).payInvoice({ invoice: invoice() }))).toBe('PAYMENT_FAILED');
    expect(system.balanceMsats()).toBe(1000n);
  });

  test('fail refuses with the code asked for and pays nothing', async () => {
    tenant.faults.set([{ match: 'pay_invoice', mode: 'fail', code: 'QUOTA_EXCEEDED', times: 1 }]);
    expect(await codeOf(clientOf(tenant).payInvoice({ invoice: invoice() }))).toBe('QUOTA_EXCEEDED');
    expect(system.balanceMsats()).toBe(0n);
  });

  test('hang neither pays nor answers', async () => {
    tenant.faults.set([{ match: '*', mode: 'hang', times: 1 }]);
    const raw = await rawClient(relay.url);
    raw.send('EVENT', signedRequest('pay_invoice', { invoice: invoice() }));
    await poll(() => (tenant.calls.list()[0]?.['outcome'] === 'silence' ? true : undefined));
    expect(system.balanceMsats()).toBe(0n);
    raw.close();
  });

  test('late pays late', async () => {
    tenant.faults.set([{ match: 'pay_invoice', mode: 'late', ms: 60 }]);
    const startedMs = performance.now();
    await clientOf(tenant).payInvoice({ invoice: invoice() });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55);
  });
});

test('a wallet finds its relay again after the connection broke', async () => {
  relay.faults.set([{ match: 'CONNECT', mode: 'fail', times: 3 }]);
  relay.actions['drop-connections']?.(undefined);
  const subscriptions = () => relay.calls.list().filter(({ subject }) => subject === 'REQ').length;
  await poll(() => (subscriptions() >= 4 ? true : undefined));
  expect(await clientOf(tenant).getBalance()).toEqual({ balance: 1_000_000 });
});
