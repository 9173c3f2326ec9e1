import { msats, manualClock } from '@caravel/domain';
import type { NostrEvent } from './events.js';
import { nwcClient } from './nip47.js';
import type { NwcClient, NwcClientOptions } from './nip47-types.js';
import { openRelaySocket } from './relay-socket.js';
import { generateSecret, secretSigner } from './signer.js';
import { eventually } from './testing/eventually.js';
import { startTestRelay, wellBehaved, type Script, type TestRelay } from './testing/test-relay.js';
import { startTestWallet, type TestWallet, type WalletOptions, type WalletRequest } from './testing/test-wallet.js';

const DEAD = 'ws://127.0.0.1:1';
const HASH = 'ab'.repeat(32);
const NOT_SENT = { type: 'silence', phase: 'not-sent' };
const SENT = { type: 'silence', phase: 'sent' };
const BROKE = {
  result_type: 'pay_invoice',
  error: { code: 'INSUFFICIENT_BALANCE', message: 'no money' },
  result: null,
};
const PAID = { result_type: 'pay_invoice', error: null, result: { preimage: 'cd'.repeat(32), fees_paid: 12 } };
const paid = { type: 'result', preimage: 'cd'.repeat(32), feesPaidMsats: msats(12n) };

const started: { close: () => unknown }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ close }) => close()));
});

async function relay(script?: Script): Promise<TestRelay> {
  const server = await startTestRelay(script);
  started.push(server);
  return server;
}

async function wallet(options: WalletOptions): Promise<TestWallet> {
  const made = await startTestWallet(options);
  started.unshift(made);
  return made;
}

function client(
  relays: string[],
  walletPubkey: TestWallet['pubkey'],
  options: Partial<NwcClientOptions> = {},
): NwcClient {
  const made = nwcClient({ connection: { walletPubkey, relays, secret: generateSecret() }, ...options });
  started.unshift(made);
  return made;
}

/** A relay, a wallet that answers as told, and a client connected to it. */
async function life(answer: WalletOptions['answer'], encryption = 'nip44_v2 nip04', script?: Script) {
  const server = await relay(script);
  const payer = await wallet({ relays: [server.url], encryption, answer });
  return { server, payer, nwc: client([server.url], payer.pubkey) };
}

describe('calls', () => {
  test('pay_invoice pays and reports preimage and fee', async () => {
    const { nwc, payer } = await life(() => PAID);
    expect(await nwc.payInvoice({ invoice: 'lnbc1' })).toEqual(paid);
    expect(payer.requests.map(({ method, params }) => ({ method, params }))).toEqual([
      { method: 'pay_invoice', params: { invoice: 'lnbc1' } },
    ]);
    await nwc.payInvoice({ invoice: 'lnbc1', amountMsats: msats(5000n) });
    expect(payer.requests[1]?.params).toEqual({ invoice: 'lnbc1', amount: 5000 });
  });

  test('make_invoice makes one', async () => {
    const { nwc, payer } = await life(() => ({
      result_type: 'make_invoice',
      result: { invoice: 'lnbc1', payment_hash: HASH.toUpperCase(), expires_at: 99, amount: 1 },
    }));
    expect(await nwc.makeInvoice({ amountMsats: msats(21_000n), description: 'Relay', expiryS: 3600 })).toEqual({
      type: 'result',
      invoice: 'lnbc1',
      paymentHash: HASH,
      expiresAtS: 99,
    });
    expect(payer.requests[0]?.params).toEqual({ amount: 21_000, description: 'Relay', expiry: 3600 });
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'settled by state',
      { state: 'settled', settled_at: 7, amount: 1000, payment_hash: HASH },
      { settled: true, state: 'settled', settledAtS: 7, amountMsats: msats(1000n) },
    ],
    ['settled by time', { settled_at: 7 }, { settled: true, settledAtS: 7 }],
    [
      'pending',
      { state: 'pending', settled_at: null, preimage: 'known to the payee' },
      { settled: false, state: 'pending' },
    ],
    ['expired', { state: 'expired', expires_at: 5 }, { settled: false, state: 'expired', expiresAtS: 5 }],
    ['without any word', {}, { settled: false }],
    ['with odd fields', { amount: 'x', expires_at: -1, settled_at: 0, state: 7 }, { settled: false }],
  ])('lookup_invoice reads an invoice that is %s', async (_what, result, expected) => {
    const { nwc } = await life(() => ({ result_type: 'lookup_invoice', result }));
    const outcome = await nwc.lookupInvoice({ paymentHash: HASH });
    expect(outcome).toEqual({ type: 'result', paymentHash: HASH, ...expected });
  });

  test('get_info says what the connection may do', async () => {
    const { nwc } = await life(() => ({
      result_type: 'get_info',
      result: { alias: 'w', methods: ['make_invoice'], block_height: 1 },
    }));
    expect(await nwc.getInfo()).toEqual({ type: 'result', alias: 'w', methods: ['make_invoice'] });
  });

  test('lookup_invoice reads what only some wallets say, and a preimage only in its form', async () => {
    const said = { state: 'settled', type: 'outgoing', fees_paid: 7, description: 'tea', created_at: 5 };
    const { nwc } = await life(() => ({ result_type: 'lookup_invoice', result: { ...said, preimage: HASH } }));
    expect(await nwc.lookupInvoice({ paymentHash: HASH })).toMatchObject({
      direction: 'outgoing',
      preimage: HASH,
      feesPaidMsats: msats(7n),
      description: 'tea',
      createdAtS: 5,
    });
  });

  test('get_balance and list_transactions leave out what is not in their form', async () => {
    const transaction = { type: 'incoming', payment_hash: HASH.toUpperCase(), amount: 1000, settled_at: 7 };
    const nonsense = [{}, 'x', { ...transaction, amount: 'x' }, { ...transaction, type: 'x' }];
    const { nwc, payer } = await life(({ method }) => ({
      result_type: method,
      result: method === 'get_balance' ? { balance: 21_000 } : { transactions: [...nonsense, transaction] },
    }));
    expect(await nwc.getBalance()).toEqual({ type: 'result', balanceMsats: msats(21_000n) });
    const listed = await nwc.listTransactions({ limit: 9 });
    expect(listed).toMatchObject({ transactions: [{ paymentHash: HASH, direction: 'incoming', settled: true }] });
    expect(listed.type === 'result' && listed.transactions).toHaveLength(1);
    expect(payer.requests.at(-1)?.params).toEqual({ limit: 9, offset: 0, unpaid: false });
  });

  test("a wallet's refusal is its own code and words", async () => {
    const { nwc } = await life(() => BROKE);
    expect(await nwc.payInvoice({ invoice: 'lnbc1' })).toEqual({
      type: 'error',
      code: 'INSUFFICIENT_BALANCE',
      message: 'no money',
    });
  });

  test('several calls at once each get their own answer', async () => {
    const { nwc } = await life(({ params }) => ({
      result_type: 'pay_invoice',
      result: { preimage: String(params['invoice']) },
    }));
    const outcomes = await Promise.all(['a', 'b', 'c'].map((invoice) => nwc.payInvoice({ invoice })));
    expect(outcomes.map((outcome) => outcome.type === 'result' && outcome.preimage)).toEqual(['a', 'b', 'c']);
  });
});

describe('the request', () => {
  test('is signed by the connection, addressed, encrypted, and expires with the deadline', async () => {
    const server = await relay();
    const payer = await wallet({ relays: [server.url], encryption: 'nip44_v2', answer: () => PAID });
    await client([server.url], payer.pubkey, { clock: manualClock(1_000) }).payInvoice({
      invoice: 'lnbc1',
      timeoutMs: 2_500,
    });
    const request = payer.requests[0]?.event;
    expect(request).toMatchObject({
      kind: 23_194,
      created_at: 1_000,
      tags: [
        ['p', payer.pubkey],
        ['expiration', '1003'],
        ['encryption', 'nip44_v2'],
      ],
    });
    expect(request?.content).not.toContain('lnbc1');
  });

  test.each<[string, string, boolean]>([
    ['nip44_v2 nip04', 'nip44_v2 nip04', true],
    ['nip04 nip44_v2', 'nip04 nip44_v2', true],
    ['nip04', 'nip04', false],
    ['no encryption tag', 'no tag', false],
    ['no info event', 'no event', false],
    ['something newer only', 'nip99', false],
  ])('a wallet that announces %s is spoken to accordingly', async (_what, encryption, nip44) => {
    const { nwc, payer } = await life(() => PAID, encryption);
    expect(await nwc.payInvoice({ invoice: 'lnbc1' })).toEqual(paid);
    expect(payer.requests[0]?.event.content.includes('?iv=')).toBe(!nip44);
  });

  test('the encryption is asked for once per client', async () => {
    const { nwc, server } = await life(() => PAID);
    await nwc.payInvoice({ invoice: 'a' });
    await nwc.payInvoice({ invoice: 'b' });
    const asked = server.received.filter(
      ([verb, , filter]) => verb === 'REQ' && JSON.stringify(filter).includes('13194'),
    );
    expect(asked).toHaveLength(1);
  });

  test('an info event signed by somebody else is not believed', async () => {
    const stranger = secretSigner(generateSecret());
    const forged = stranger.sign({ kind: 13_194, created_at: 5, tags: [['encryption', 'nip44_v2']], content: '' });
    const { nwc, payer } = await life(() => PAID, 'no event', wellBehaved({ stored: [forged] }));
    await nwc.payInvoice({ invoice: 'lnbc1' });
    expect(payer.requests[0]?.event.content).toContain('?iv=');
  });

  test('goes to every relay under one id, and one answer is enough', async () => {
    const [a, b] = [await relay(), await relay()];
    const payer = await wallet({ relays: [a.url], encryption: 'nip44_v2', answer: () => undefined });
    const paying = client([a.url, b.url, DEAD], payer.pubkey).payInvoice({ invoice: 'lnbc1' });
    const sentTo = (server: TestRelay) =>
      server.received
        .filter(([verb, event]) => verb === 'EVENT' && (event as NostrEvent).kind === 23_194)
        .map(([, event]) => (event as NostrEvent).id);
    await eventually(() => sentTo(a).length + sentTo(b).length === 2);
    expect(sentTo(a)).toEqual(sentTo(b));
    await eventually(() => payer.requests.length === 1);
    for (const { event } of payer.requests) await payer.reply(event, PAID);
    expect(await paying).toEqual(paid);
  });

  test('a relay that asks for authentication gets it from the connection', async () => {
    const { nwc, server } = await life(() => PAID, 'nip44_v2', wellBehaved({ auth: true }));
    expect(await nwc.payInvoice({ invoice: 'lnbc1' })).toEqual(paid);
    const request = server.received.find(
      ([verb, event]) => verb === 'EVENT' && (event as NostrEvent).kind === 23_194,
    )?.[1] as NostrEvent;
    const proofs = server.received.filter(([verb]) => verb === 'AUTH').map(([, event]) => (event as NostrEvent).pubkey);
    expect(proofs).toContain(request.pubkey);
  });

  test('is not sent before the relay listens for the answer', async () => {
    const { nwc, server } = await life(() => PAID);
    await nwc.payInvoice({ invoice: 'lnbc1' });
    const order = server.received.flatMap(([verb, first, filter]) => {
      if (verb === 'REQ' && JSON.stringify(filter).includes('23195')) return ['listens'];
      return verb === 'EVENT' && (first as NostrEvent).kind === 23_194 ? ['asks'] : [];
    });
    expect(order).toEqual(['listens', 'asks']);
  });
});

describe('answers that do not count', () => {
  const stranger = secretSigner(generateSecret());
  const e = (request: WalletRequest) => [
    ['p', request.event.pubkey],
    ['e', request.event.id],
  ];

  test.each<[string, (request: WalletRequest, payer: TestWallet) => unknown]>([
    ['of another request', (request, payer) => payer.reply(request.event, PAID, { tags: [['e', 'a'.repeat(64)]] })],
    ['without a request', (request, payer) => payer.reply(request.event, PAID, { tags: [] })],
    ['of another kind', (request, payer) => payer.reply(request.event, PAID, { kind: 23_196, tags: e(request) })],
    ['in the clear', (request, payer) => payer.reply(request.event, PAID, { encrypt: false })],
    ['to another method', (request, payer) => payer.reply(request.event, { ...PAID, result_type: 'make_invoice' })],
    ['without method', (request, payer) => payer.reply(request.event, { result: PAID.result })],
    ['with neither result nor error', (request, payer) => payer.reply(request.event, { result_type: 'pay_invoice' })],
    ['with a result that is no object', (request, payer) => payer.reply(request.event, { ...PAID, result: 'paid' })],
    ['with an error without code', (request, payer) => payer.reply(request.event, { ...PAID, error: 'no' })],
    ['that is no JSON', (request, payer) => payer.reply(request.event, 'paid')],
    ['that is empty JSON', (request, payer) => payer.reply(request.event, 'null')],
  ])('an answer %s is passed over, and the right one still counts', async (_what, wrong) => {
    const { nwc } = await life((request, payer) => {
      void Promise.resolve(wrong(request, payer)).then(() => payer.reply(request.event, PAID));
      return undefined;
    });
    expect(await nwc.payInvoice({ invoice: 'lnbc1' })).toEqual(paid);
  });

  test("somebody else's answer is passed over, even when a relay slips it in", async () => {
    const good = wellBehaved();
    const { nwc } = await life(() => undefined, 'nip44_v2', {
      ...good,
      onMessage(message, from, server) {
        good.onMessage(message, from, server);
        const event = message[1] as NostrEvent;
        if (message[0] !== 'EVENT' || event.kind !== 23_194) return;
        const content = stranger.nip44Encrypt(event.pubkey, JSON.stringify(PAID));
        const forged = stranger.sign({ kind: 23_195, created_at: 1, tags: [['e', event.id]], content });
        for (const peer of server.clients) for (const id of peer.subscriptions.keys()) peer.send(['EVENT', id, forged]);
      },
    });
    expect(await nwc.payInvoice({ invoice: 'lnbc1', timeoutMs: 300 })).toEqual(SENT);
  });

  test('an answer about another invoice than the one looked up is none', async () => {
    const { nwc } = await life(() => ({
      result_type: 'lookup_invoice',
      result: { payment_hash: 'ff'.repeat(32), state: 'settled' },
    }));
    expect(await nwc.lookupInvoice({ paymentHash: HASH, timeoutMs: 300 })).toEqual(SENT);
  });
});

describe('silence', () => {
  test('a wallet that never answers: sent', async () => {
    const { nwc } = await life(() => undefined);
    expect(await nwc.payInvoice({ invoice: 'lnbc1', timeoutMs: 300 })).toEqual(SENT);
  });

  test('no relay can be reached: not sent, at once', async () => {
    const nwc = client([DEAD, 'ws://127.0.0.1:2'], secretSigner(generateSecret()).pubkey);
    expect(await nwc.payInvoice({ invoice: 'lnbc1', timeoutMs: 60_000 })).toEqual(NOT_SENT);
  });

  test('a caller that forbids every address: not sent', async () => {
    const nwc = client(['ws://10.0.0.1'], secretSigner(generateSecret()).pubkey, {
      connect: () => Promise.reject(new Error('private address')),
    });
    expect(await nwc.payInvoice({ invoice: 'lnbc1', timeoutMs: 60_000 })).toEqual(NOT_SENT);
  });

  test('a relay that accepts the connection and says nothing: not sent', async () => {
    const { url } = await relay({});
    expect(
      await client([url], secretSigner(generateSecret()).pubkey).payInvoice({ invoice: 'lnbc1', timeoutMs: 200 }),
    ).toEqual(NOT_SENT);
  });

  test('relays that are gone once the encryption is known: not sent', async () => {
    const { nwc, server } = await life(() => PAID);
    await nwc.payInvoice({ invoice: 'a' });
    await server.close();
    expect(await nwc.payInvoice({ invoice: 'b', timeoutMs: 60_000 })).toEqual(NOT_SENT);
  });

  test('the relay refuses the request: sent, for it had it in its hands', async () => {
    const good = wellBehaved();
    const { url } = await relay({
      onMessage(message, from, server) {
        if (message[0] === 'EVENT') from.send(['OK', (message[1] as NostrEvent).id, false, 'blocked: no']);
        else good.onMessage(message, from, server);
      },
    });
    expect(
      await client([url], secretSigner(generateSecret()).pubkey).payInvoice({ invoice: 'lnbc1', timeoutMs: 200 }),
    ).toEqual(SENT);
  });

  test('the relay hangs up as soon as it has the request: sent', async () => {
    const good = wellBehaved();
    const { url } = await relay({
      onMessage(message, from, server) {
        if (message[0] === 'EVENT') from.socket.terminate();
        else good.onMessage(message, from, server);
      },
    });
    expect(
      await client([url], secretSigner(generateSecret()).pubkey).payInvoice({ invoice: 'lnbc1', timeoutMs: 200 }),
    ).toEqual(SENT);
  });

  test('the relay goes away and comes back: the answer is still heard', async () => {
    const { nwc, server } = await life((request, payer) => {
      setTimeout(() => void payer.reply(request.event, PAID), 100);
      for (const { socket, subscriptions } of server.clients) {
        const isClient = [...subscriptions.values()].flat().some(({ kinds }) => kinds?.includes(23_195));
        if (isClient) socket.terminate();
      }
      return undefined;
    });
    expect(await nwc.payInvoice({ invoice: 'lnbc1', timeoutMs: 5_000 })).toEqual(paid);
  });

  test('the caller gives up: before sending it is not sent, after it is sent', async () => {
    const { nwc, payer } = await life(() => undefined);
    expect(await nwc.payInvoice({ invoice: 'a', signal: AbortSignal.abort() })).toEqual(NOT_SENT);
    const controller = new AbortController();
    const paying = nwc.payInvoice({ invoice: 'b', signal: controller.signal });
    await eventually(() => payer.requests.length === 1);
    controller.abort();
    expect(await paying).toEqual(SENT);
    expect(payer.requests.map(({ params }) => params['invoice'])).toEqual(['b']);
  });

  test('the client is closed: calls under way end, later ones are not sent', async () => {
    const { nwc, payer } = await life(() => undefined);
    const paying = nwc.payInvoice({ invoice: 'a', timeoutMs: 60_000 });
    await eventually(() => payer.requests.length === 1);
    nwc.close();
    expect(await paying).toEqual(SENT);
    expect(await nwc.payInvoice({ invoice: 'b', timeoutMs: 60_000 })).toEqual(NOT_SENT);
  });
});

test('the caller opens every socket, so that an address can be checked and pinned', async () => {
  const server = await relay();
  const payer = await wallet({ relays: [server.url], encryption: 'nip44_v2', answer: () => PAID });
  const asked: string[] = [];
  const nwc = client([server.url], payer.pubkey, {
    connect: (url) => {
      asked.push(url);
      return openRelaySocket(url);
    },
  });
  expect(await nwc.payInvoice({ invoice: 'lnbc1' })).toEqual(paid);
  expect(asked).toEqual([server.url]);
});
