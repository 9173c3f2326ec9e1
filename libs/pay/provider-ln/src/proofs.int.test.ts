import { createHash, randomBytes } from 'node:crypto';
import { manualClock } from '@caravel/domain';
import { encodeBolt11 } from '@caravel/lightning';
import type { Outcome, Provider, ProviderWallet } from '@caravel/pay-provider';
import { lightningProvider } from './lightning-provider.js';
import { call, connected } from './testing/connected.js';
import type { Connected } from './testing/connected.js';
import { ledgerNodes, startPeer } from './testing/lightning-peers.js';
import type { Peer } from './testing/lightning-peers.js';
import { scriptedServer } from './testing/scripted-server.js';
import type { Script, ScriptedServer } from './testing/scripted-server.js';

const NOW_S = 1_800_000_000;
const PREIMAGE = 'ab'.repeat(32);
const OTHER_PREIMAGE = 'cd'.repeat(32);
const HASH = createHash('sha256').update(PREIMAGE, 'hex').digest('hex');
const SECRET = 'a-long-password-of-the-wallet';
const INVOICE = encodeBolt11({
  network: 'bcrt',
  amountMsats: 1_000_500n,
  timestampS: NOW_S,
  expiryS: 600,
  paymentHash: HASH,
  paymentSecret: 'ef'.repeat(32),
  secretKey: '11'.repeat(32),
  description: 'x',
});
type Answer = Script[string];
type Verdict = Outcome['outcome'];

let clock: ReturnType<typeof manualClock>;
let provider: Provider;
let server: ScriptedServer | undefined;
beforeEach(() => {
  clock = manualClock(NOW_S);
  provider = lightningProvider({ clock });
});
afterEach(async () => {
  await provider.close?.();
  await server?.close();
  server = undefined;
});

/** A wallet at a server that answers as told; what is asked before a payment is answered well. */
async function walletAt(backend: 'phoenixd' | 'lnbits', script: Script): Promise<ProviderWallet> {
  server = await scriptedServer({
    'GET /getbalance': { body: { balanceSat: 5_000 } },
    'GET /api/v1/payments/fee-reserve': { body: { fee_reserve: 2_000 } },
    ...script,
  });
  return {
    id: 'w_1',
    network: 'ln',
    backend,
    settings: { mint_url: server.url },
    secrets: { password_secret: SECRET, admin_key_secret: SECRET },
  };
}
const payment = (to = INVOICE) => ({ kind: 'send', requestId: 'r', requestKey: 'default', to }) as const;

async function dispatched(wallet: ProviderWallet, to = INVOICE): Promise<Outcome> {
  const { artefact = '' } = await provider.quote(wallet, payment(to), call());
  return provider.dispatch(wallet, artefact, call());
}
async function asked(wallet: ProviderWallet): Promise<Outcome> {
  const { artefact = '' } = await provider.quote(wallet, payment(), call());
  return provider.resolve(wallet, artefact, call());
}
const outgoing = (more: object) => ({ body: { paymentHash: HASH, sent: 1_005, fees: 4_001, createdAt: 1, ...more } });
const none: Answer = { status: 404, body: 'Not found' };

describe('phoenixd, asked to pay', () => {
  const PAID = { recipientAmountSat: 1_000, routingFeeSat: 4, paymentId: 'x', paymentHash: HASH };
  const FAILED = { body: { paymentHash: HASH, reason: 'no route' } };
  it.each<[Verdict, string, Answer, Answer]>([
    ['sent', 'a preimage that hashes to the payment hash', { body: { ...PAID, paymentPreimage: PREIMAGE } }, none],
    ['unknown', 'another preimage', { body: { ...PAID, paymentPreimage: OTHER_PREIMAGE } }, none],
    ['unknown', '200 without a word', { body: {} }, none],
    ['unknown', '200 and no JSON', { body: 'fine' }, none],
    ['unknown', 'more than it may say', { body: { ...PAID, paymentPreimage: PREIMAGE, x: 'x'.repeat(5e6) } }, none],
    ['unknown', 'a redirect', { status: 302, body: '' }, none],
    ['not_sent', '400', { status: 400, body: 'Invalid parameter: invoice' }, none],
    ['not_sent', '401', { status: 401, body: 'Invalid authentication' }, none],
    ['not_sent', '404', { status: 404, body: 'Unknown endpoint' }, none],
    ['unknown', '500', { status: 500, body: 'oops' }, none],
    ['unknown', '503', { status: 503, body: '' }, none],
    ['not_sent', 'a reason, and by hash none', FAILED, none],
    ['not_sent', 'a reason, and by hash ended unpaid', FAILED, outgoing({ isPaid: false, completedAt: 2 })],
    ['unknown', 'a reason, and by hash under way', FAILED, outgoing({ isPaid: false })],
    ['sent', 'a reason, and by hash paid', FAILED, outgoing({ isPaid: true, preimage: PREIMAGE, completedAt: 2 })],
    ['unknown', 'a reason, and by hash paid without proof', FAILED, outgoing({ isPaid: true, completedAt: 2 })],
    ['unknown', 'a reason, and by hash no answer', FAILED, { status: 500, body: '' }],
    ['unknown', 'a reason, and by hash something else', FAILED, { body: [] }],
  ])('%s: %s', async (verdict, _what, ...[answer, byHash]) => {
    const wallet = await walletAt('phoenixd', { 'POST /payinvoice': answer, 'GET /payments/outgoingbyhash': byHash });
    expect((await dispatched(wallet)).outcome).toBe(verdict);
  });

  it('counts the fee to the millisatoshi, rounded up, and the amount of the invoice likewise', async () => {
    const wallet = await walletAt('phoenixd', {
      'POST /payinvoice': { body: { ...PAID, paymentPreimage: PREIMAGE } },
      'GET /payments/outgoingbyhash': outgoing({ isPaid: true, preimage: PREIMAGE, completedAt: 2 }),
    });
    expect(await dispatched(wallet)).toMatchObject({
      amount: { value: 1_001n },
      fee: { value: 5n },
      debits: [{ unit: 'sats', amount: 1_006n }],
    });
  });

  it.each<[Verdict, Verdict, string, Answer]>([
    ['unknown', 'not_sent', 'none', none],
    ['unknown', 'not_sent', 'ended unpaid', outgoing({ isPaid: false, completedAt: 2 })],
    ['unknown', 'unknown', 'under way', outgoing({ isPaid: false })],
    ['sent', 'sent', 'paid', outgoing({ isPaid: true, preimage: PREIMAGE, completedAt: 2 })],
    ['unknown', 'unknown', 'paid with another preimage', outgoing({ isPaid: true, preimage: OTHER_PREIMAGE })],
    ['unknown', 'unknown', 'no answer', { status: 502, body: '' }],
    ['unknown', 'unknown', '401', { status: 401, body: '' }],
  ])('%s, then %s: its answer was lost, and by hash %s', async (verdict, longAfter, ...[, byHash]) => {
    const wallet = await walletAt('phoenixd', { 'GET /payments/outgoingbyhash': byHash });
    expect((await asked(wallet)).outcome).toBe(verdict);
    const { artefact = '' } = await provider.quote(wallet, payment(), call());
    clock.advance(1_201);
    expect((await provider.resolve(wallet, artefact, call())).outcome).toBe(longAfter);
  });

  it('pays an offer by the shapes of its API, with the hash of the answer as the proof', async () => {
    const offer = `lno1${'q'.repeat(40)}`;
    const pay = (answer: Answer, byHash: Answer = none) =>
      walletAt('phoenixd', { 'POST /payoffer': answer, 'GET /payments/outgoingbyhash': byHash }).then((wallet) =>
        dispatched(wallet, `${offer}?amount=1000`),
      );
    const paid = { ...PAID, paymentPreimage: PREIMAGE };
    expect(await pay({ body: paid })).toMatchObject({ outcome: 'sent', transactionId: HASH, preimage: PREIMAGE });
    await server?.close();
    expect((await pay({ body: { ...paid, paymentHash: OTHER_PREIMAGE } })).outcome).toBe('unknown');
    await server?.close();
    expect((await pay({ body: { offerId: 'x', reason: 'no answer' } })).outcome).toBe('unknown');
    await server?.close();
    expect((await pay(FAILED)).outcome).toBe('not_sent');
    await server?.close();
    expect((await pay(FAILED, outgoing({ isPaid: false }))).outcome).toBe('unknown');
    await server?.close();
    const wallet = await walletAt('phoenixd', {});
    const { artefact = '' } = await provider.quote(wallet, payment(`${offer}?amount=7`), call());
    clock.advance(10_000);
    expect((await provider.resolve(wallet, artefact, call())).outcome).toBe('unknown');
  });
});

describe('LNbits, asked to pay', () => {
  const entry = (more: object) => ({ payment_hash: HASH, amount: -1_000_500, fee: -4_001, ...more });
  const lookup = (paid: boolean, status?: string, preimage?: string): Answer => ({
    body: { paid, preimage, status, details: entry({ status, preimage }) },
  });
  const old = (paid: boolean, preimage?: string): Answer => ({
    body: { paid, preimage, details: entry({ pending: !paid, preimage }) },
  });
  const noRecord: Answer = { status: 404, body: { detail: 'Payment does not exist.' } };
  const made = (more: object): Answer => ({ status: 201, body: entry(more) });
  const failed = (status?: string): Answer => ({ status: 520, body: { detail: 'Payment failed: no route', status } });

  it.each<[Verdict, string, Answer, Answer]>([
    ['sent', 'success with a matching preimage', made({ status: 'success', preimage: PREIMAGE }), noRecord],
    ['unknown', 'success with another preimage', made({ status: 'success', preimage: OTHER_PREIMAGE }), noRecord],
    ['unknown', 'pending', made({ status: 'pending' }), lookup(false, 'pending')],
    ['sent', 'pending, and looked up success', made({ status: 'pending' }), lookup(true, 'success', PREIMAGE)],
    [
      'sent',
      'the answer of 0.12, and looked up paid',
      { status: 201, body: { payment_hash: HASH } },
      old(true, PREIMAGE),
    ],
    ['unknown', 'the answer of 0.12, and looked up "paid"', { status: 201, body: { payment_hash: HASH } }, old(true)],
    ['not_sent', '400', { status: 400, body: { detail: 'Bad request' } }, noRecord],
    ['not_sent', '401', { status: 401, body: { detail: 'No Api Key provided.' } }, noRecord],
    ['not_sent', '403', { status: 403, body: { detail: 'Invalid adminkey.' } }, noRecord],
    ['not_sent', '404', { status: 404, body: { detail: 'Wallet not found.' } }, noRecord],
    ['unknown', '422', { status: 422, body: { detail: [] } }, noRecord],
    ['unknown', '500', { status: 500, body: '' }, noRecord],
    ['unknown', '520 without a status', failed(), noRecord],
    ['not_sent', '520 failed, and no record of it', failed('failed'), noRecord],
    ['not_sent', '520 failed, and looked up failed', failed('failed'), lookup(false, 'failed')],
    ['unknown', '520 failed, and looked up pending', failed('failed'), lookup(false, 'pending')],
    ['sent', '520 failed, and looked up success', failed('failed'), lookup(true, 'success', PREIMAGE)],
    ['unknown', '520 failed, and no answer when looked up', failed('failed'), { status: 500, body: '' }],
    ['unknown', '520 pending', failed('pending'), lookup(false, 'pending')],
    ['sent', '520 paid already', failed('success'), lookup(true, 'success', PREIMAGE)],
    ['unknown', '520 paid already, without proof', failed('success'), lookup(true, 'success')],
  ])('%s: %s', async (verdict, _what, ...[answer, found]) => {
    const wallet = await walletAt('lnbits', {
      'POST /api/v1/payments': answer,
      [`GET /api/v1/payments/${HASH}`]: found,
    });
    expect((await dispatched(wallet)).outcome).toBe(verdict);
  });

  it.each<[Verdict, Verdict, string, Answer]>([
    ['unknown', 'not_sent', 'none', noRecord],
    ['not_sent', 'not_sent', 'failed', lookup(false, 'failed')],
    ['unknown', 'unknown', 'pending', lookup(false, 'pending')],
    ['unknown', 'not_sent', 'pending before 1.0', old(false)],
    ['unknown', 'unknown', '"paid" before 1.0', old(true)],
    ['sent', 'sent', 'success', lookup(true, 'success', PREIMAGE)],
    ['unknown', 'unknown', 'success with another preimage', lookup(true, 'success', OTHER_PREIMAGE)],
    ['unknown', 'unknown', 'no answer', { status: 502, body: '' }],
  ])('%s, then %s: its answer was lost, and looked up %s', async (verdict, longAfter, ...[, found]) => {
    const wallet = await walletAt('lnbits', { [`GET /api/v1/payments/${HASH}`]: found });
    const { artefact = '' } = await provider.quote(wallet, payment(), call());
    expect((await provider.resolve(wallet, artefact, call())).outcome).toBe(verdict);
    clock.advance(1_201);
    expect((await provider.resolve(wallet, artefact, call())).outcome).toBe(longAfter);
  });

  it('is believed about its fee reserve when that is more than our bound', async () => {
    const wallet = await walletAt('lnbits', { 'GET /api/v1/payments/fee-reserve': { body: { fee_reserve: 49_001 } } });
    const quote = await provider.quote(wallet, payment(), call());
    expect(quote).toMatchObject({
      amount: { value: 1_001n },
      feeEstimate: { value: 50n },
      feeBound: { value: 50n },
      debits: [{ unit: 'sats', amount: 1_051n }],
    });
  });
});

describe('a wallet of NWC, asked to pay', () => {
  let peer: Peer;
  let wallet: Connected;
  let nodes: ReturnType<typeof ledgerNodes>;
  beforeEach(async () => {
    nodes = ledgerNodes(clock);
    peer = await startPeer('nwc', { node: nodes.payer, clock });
    wallet = await connected(provider, peer);
  });
  afterEach(() => peer.stop());
  const bill = () => nodes.payee.createInvoice({ amountMsats: 1_000_000n, description: 'x', expiryS: 600 });

  it.each(['INSUFFICIENT_BALANCE', 'QUOTA_EXCEEDED', 'RESTRICTED', 'UNAUTHORIZED', 'NOT_IMPLEMENTED', 'RATE_LIMITED'])(
    'not_sent: %s',
    async (code) => {
      peer.face.faults.set([{ match: 'pay_invoice', mode: 'fail', code }]);
      expect((await wallet.pay(await bill())).outcome.outcome).toBe('not_sent');
    },
  );

  it.each(['NOT_FOUND', 'PAYMENT_FAILED', 'INTERNAL', 'OTHER', 'SOMETHING_NEW'])(
    '%s proves nothing: sent when looked up settled, unknown when looked up nothing',
    async (code) => {
      peer.face.faults.set([{ match: 'pay_invoice', mode: 'fail', code, done: true }]);
      expect((await wallet.pay(await bill())).outcome.outcome).toBe('sent');
      peer.face.faults.set([{ match: 'pay_invoice', mode: 'fail', code }]);
      const { artefact, outcome } = await wallet.pay(await bill());
      expect(outcome.outcome).toBe('unknown');
      clock.advance(1_201);
      expect((await wallet.resolve(artefact)).outcome).toBe('not_sent');
    },
  );

  it('unknown: no answer to the lookup, however long the invoice is over', async () => {
    peer.face.faults.set([{ match: 'pay_invoice', mode: 'fail', code: 'OTHER', done: true }]);
    const { artefact } = await wallet.pay(await bill());
    peer.face.faults.set([{ match: 'lookup_invoice', mode: 'fail', code: 'INTERNAL' }]);
    clock.advance(1_201);
    expect((await wallet.resolve(artefact)).outcome).toBe('unknown');
  });

  it('says in every request that it is void after 60 s', async () => {
    await wallet.pay(await bill());
    const requests = (peer.relay?.calls.list() ?? []).flatMap(({ subject, message }) =>
      subject === 'EVENT 23194' ? [JSON.stringify(message)] : [],
    );
    expect(requests.length).toBeGreaterThan(3);
    for (const request of requests) expect(request).toContain(`["expiration","${NOW_S + 60}"]`);
  });

  it('sent on its word alone, and a preimage that proves nothing is not told on', async () => {
    const lying = await startPeer('nwc', {
      clock,
      node: {
        ...nodes.payer,
        pay: () => Promise.resolve({ type: 'paid', preimage: OTHER_PREIMAGE, feeMsats: 1n }),
      },
    });
    const { outcome } = await (await connected(provider, lying)).pay(await bill());
    await lying.stop();
    expect(outcome).toMatchObject({ outcome: 'sent', debits: [{ unit: 'sats', amount: 1_001n }] });
    expect(outcome).toHaveProperty('preimage', undefined);
  });
});

describe('what a wallet says of a failure', () => {
  it.each(['phoenixd', 'lnbits'] as const)('is told on without the credential that %s repeats', async (backend) => {
    const body = { paymentHash: HASH, reason: `bad ${SECRET}`, detail: `bad ${SECRET}`, status: 'failed' };
    const wallet = await walletAt(backend, {
      'POST /payinvoice': { body },
      'POST /api/v1/payments': { status: 520, body },
      'POST /createinvoice': { status: 500, body },
    });
    const outcome = await dispatched(wallet);
    const refusal: unknown = await provider
      .receiveInfo(wallet, { amount: { value: 5n, token: 'sats' } }, call())
      .catch((error: unknown) => error);
    expect(outcome).toMatchObject({
      outcome: 'not_sent',
      answer: { error: expect.stringContaining('bad ***') as string },
    });
    expect(refusal).toMatchObject({ code: 'network_error' });
    expect(JSON.stringify([outcome, String(refusal), refusal])).not.toContain(SECRET);
  });
});

describe('an artefact', () => {
  it('that can not be read pays nothing', async () => {
    const wallet = await walletAt('phoenixd', {});
    const spoiled = [randomBytes(8).toString('hex'), '{}', '{"v":2,"kind":"bolt11"}'];
    for (const artefact of spoiled) {
      await expect(async () => provider.dispatch(wallet, artefact, call())).rejects.toMatchObject({
        code: 'internal_error',
      });
    }
    expect(server?.asked).toEqual([]);
  });
});
