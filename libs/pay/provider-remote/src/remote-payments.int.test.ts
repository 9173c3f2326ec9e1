import { encodeBolt11 } from '@caravel/lightning';
import type { PayErrorCode } from '@caravel/pay-protocol';
import { PAY_ERRORS } from '@caravel/pay-protocol';
import type { PaymentAsk, Provider, Quote } from '@caravel/pay-provider';
import { eventually, startTcpProxy } from '@caravel/testing';
import type { TcpProxy } from '@caravel/testing';
import { downstreamId } from './downstream-id.js';
import { OWN_NODE, startStrictNode, WALLET } from './testing/strict-node.js';

const sats = (value: bigint) => ({ value, token: 'sats' });
const PREIMAGE = 'ab'.repeat(32);
const SENT = {
  code: 'sent',
  wallet: 'w_below',
  transaction_id: 'tx',
  amount: sats(1000n),
  fee: sats(7n),
  preimage: PREIMAGE,
};
const PAID = {
  outcome: 'sent',
  transactionId: 'tx',
  amount: sats(1000n),
  fee: sats(7n),
  debits: [{ unit: 'sats', amount: 1007n }],
  preimage: PREIMAGE,
  status: 'confirmed',
};
const QUOTE: Quote = { amount: sats(1000n), feeEstimate: sats(1n), feeBound: sats(20n), debits: [] };
const payment = (requestId = 'r1'): PaymentAsk => ({
  kind: 'send',
  requestId,
  requestKey: 'default',
  to: 'lnbc1',
  memo: 'm',
});
const error = (error_code: string) => ({ code: 'error', error_code, error: `it was ${error_code}`, retryable: false });
const call = () => ({ signal: new AbortController().signal });

/** All that the core does with a payment after its quote. */
async function pay(provider: Provider, ask = payment()) {
  const artefact = (await provider.prepare?.(WALLET, { quote: QUOTE, payment: ask }, call())) ?? '';
  return { artefact, outcome: await provider.dispatch(WALLET, artefact, call()) };
}

/** The quote of 1,000 sats and at most 20 of fee, except as told. */
function quotedBy(told: object, provider = node.provider()): Promise<Quote> {
  const amounts = { amount: sats(1000n), fee_estimate: sats(0n), fee_bound: sats(20n) };
  node.answer('send_quote', () => ({ code: 'send_quote', wallet: 'w_below', network: 'ln', ...amounts, ...told }));
  return provider.quote(WALLET, payment(), call());
}

let node: Awaited<ReturnType<typeof startStrictNode>>;
beforeEach(async () => {
  node = await startStrictNode({ acceptsV1: true });
  node.answer('send', () => SENT);
});
afterEach(() => node.stop());

describe('a payment through another node', () => {
  it('asks under the id made of ours, with everything it was asked with, and tells what truly left', async () => {
    const { artefact, outcome } = await pay(node.provider());
    const id = downstreamId(OWN_NODE, { keyName: 'default', id: 'r1' });
    const input = { code: 'send', id, to: 'lnbc1', wallet: 'w_below', network: 'ln', onchain_memo: 'm' };
    expect(JSON.parse(artefact)).toEqual({ node: node.nodeId, endpoint: node.address, input });
    expect(node.asked).toEqual([input]);
    expect(outcome).toEqual(PAID);
  });

  it('is quoted by the node, with the bound of its fee', async () => {
    node.answer('send_quote', () => ({
      code: 'send_quote',
      wallet: 'w_below',
      network: 'ln',
      amount: sats(1000n),
      fee_estimate: sats(1n),
      fee_bound: sats(20n),
      debits: [{ amount: 1020n, token: 'sats' }],
      expires_at_epoch_s: 1_800_000_060,
    }));
    expect(await node.provider().quote(WALLET, payment(), call())).toEqual({
      amount: sats(1000n),
      feeEstimate: sats(1n),
      feeBound: sats(20n),
      debits: [{ unit: 'sats', amount: 1020n }],
      expiresAtMs: 1_800_000_060_000,
    });
  });

  it('names whom an invoice pays and which payment it is, and takes no quote below what it asks for', async () => {
    const paymentHash = 'cd'.repeat(32);
    const keys = { secretKey: '1'.repeat(64), paymentSecret: '2'.repeat(64) };
    const invoice = {
      network: 'bcrt',
      paymentHash,
      amountMsats: 1_000_000n,
      description: 'x',
      timestampS: 1_800_000_000,
    } as const;
    const to = encodeBolt11({ ...invoice, ...keys });
    const quoted = (value: bigint) => {
      const debits = [{ amount: 1020n, token: 'sats' }];
      const amounts = { amount: sats(value), fee_estimate: sats(1n), fee_bound: sats(20n), debits };
      node.answer('send_quote', () => ({ code: 'send_quote', wallet: 'w_below', network: 'ln', ...amounts }));
      return node.provider().quote(WALLET, { ...payment(), kind: 'send', to }, call());
    };
    expect(await quoted(1000n)).toMatchObject({ paymentKey: paymentHash, recipient: expect.stringMatching(/^0[23]/) });
    await expect(quoted(999n)).rejects.toMatchObject({ code: 'network_error' });
  });

  it.each([
    ['nothing', []],
    ['less than amount and fee bound', [{ amount: 1019n, token: 'sats' }]],
    ['another unit', [{ amount: 1020n, token: 'sat' }]],
    [
      'enough in two units together',
      [
        { amount: 1000n, token: 'sats' },
        { amount: 20n, token: 'msats' },
      ],
    ],
  ])('takes no quote whose debits hold %s', async (_what, debits) => {
    await expect(quotedBy({ debits })).rejects.toMatchObject({ code: 'network_error' });
  });

  it.each([
    ['an amount', { amount: { value: 1000n, token: 'x' } }],
    ['a fee', { fee_bound: { value: 20n, token: 'x' } }],
  ])('takes no quote with %s in a unit that no limit of the network counts', async (_what, told) => {
    const debits = ['sats', 'x'].map((token) => ({ amount: 1020n, token }));
    await expect(quotedBy({ ...told, debits })).rejects.toMatchObject({ code: 'network_error' });
  });

  it('has no quote when the node says that nothing leaves', async () => {
    await expect(quotedBy({ amount: sats(0n), fee_bound: sats(0n), debits: [] })).rejects.toMatchObject({
      code: 'quote_unavailable',
    });
  });

  it('wants a token and its gas each covered in its own unit', async () => {
    const usdc = { amount: 5n, token: 'usdc' };
    const told = { network: 'evm', amount: { value: 5n, token: 'usdc' }, fee_bound: { value: 9n, token: 'wei' } };
    const quoted = (debits: object[]) => quotedBy({ ...told, debits }, node.provider({ network: 'evm' }));
    expect((await quoted([usdc, { amount: 9n, token: 'wei' }])).debits).toHaveLength(2);
    await expect(quoted([usdc])).rejects.toMatchObject({ code: 'network_error' });
    await expect(quoted([{ amount: 9n, token: 'wei' }])).rejects.toMatchObject({ code: 'network_error' });
  });

  it('makes a token of the amount asked for, and counts what the node says it cost', async () => {
    const provider = node.provider({ network: 'cashu' });
    const ask: PaymentAsk = { kind: 'cashu_send', requestId: 'r1', requestKey: 'default', amount: sats(100n) };
    expect(await provider.quote(WALLET, ask, call())).toMatchObject({
      amount: sats(100n),
      debits: [{ unit: 'sats', amount: 111n }],
    });
    node.answer('cashu_send', () => ({
      code: 'cashu_sent',
      wallet: 'w_below',
      transaction_id: 'tx',
      status: 'confirmed',
      fee: sats(2n),
      token: 'cashuB',
    }));
    const { outcome } = await pay(provider, ask);
    expect(outcome).toMatchObject({
      outcome: 'sent',
      amount: sats(100n),
      token: 'cashuB',
      debits: [{ unit: 'sats', amount: 102n }],
    });
  });

  it('counts one debit for each asset, and gwei of afpay 0.7 as wei', async () => {
    node.answer('send', () => ({ ...SENT, amount: { value: 5n, token: 'usdc' }, fee: { value: 3n, token: 'gwei' } }));
    const { outcome } = await pay(node.provider({ network: 'evm' }));
    expect(outcome).toMatchObject({
      status: 'pending',
      debits: [
        { unit: 'usdc', amount: 5n },
        { unit: 'wei', amount: 3_000_000_000n },
      ],
    });
  });

  it('passes on a limit of the node below and says where it is, and keeps an origin that is further down', async () => {
    const exceeded = {
      code: 'limit_exceeded',
      rule_id: 'r',
      scope: 'network',
      scope_key: 'ln',
      spent: 1n,
      max_spend: 1n,
      remaining_s: 0,
    };
    node.answer('send', () => exceeded);
    const { outcome } = await pay(node.provider());
    expect(outcome).toMatchObject({ outcome: 'not_sent', answer: { ...exceeded, origin: node.address } });
    expect(
      JSON.stringify(outcome, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    ).not.toContain('req_');
    node.answer('send', () => ({ ...exceeded, origin: 'deep:1' }));
    expect((await pay(node.provider(), payment('r2'))).outcome).toMatchObject({ answer: { origin: 'deep:1' } });
  });

  it('passes on that it waits for an approval, and asks for the same payment afterwards', async () => {
    const waits = {
      request_id: 'x',
      debits: [{ amount: 1n, token: 'sats' }],
      approve_above: 1n,
      expires_at_epoch_s: 1,
    };
    node.answer('send', () => ({ code: 'approval_required', ...waits }));
    const provider = node.provider();
    const first = await pay(provider);
    expect(first.outcome).toMatchObject({ outcome: 'not_sent', answer: { code: 'approval_required', ...waits } });
    expect(await provider.resolve(WALLET, first.artefact, call())).toMatchObject({
      outcome: 'not_sent',
      answer: { code: 'approval_required', ...waits },
    });
    node.books.clear();
    node.answer('send', () => SENT);
    const second = await pay(provider);
    expect(second.artefact).toBe(first.artefact);
    expect(second.outcome).toEqual(PAID);
  });
});

describe('what an answer of the node proves', () => {
  const PROOFS: readonly PayErrorCode[] = [
    'invalid_request',
    'invalid_amount',
    'not_implemented',
    'wallet_not_found',
    'permission_denied',
    'recipient_not_allowed',
    'mint_not_allowed',
    'limit_exceeded',
    'approval_required',
    'price_unavailable',
    'quote_unavailable',
    'idempotency_conflict',
    'already_paid',
    'request_closed',
  ];
  const others = Object.keys(PAY_ERRORS).filter((code) => !PROOFS.some((proof) => proof === code));

  it.each(PROOFS)('%s: it did not leave', async (code) => {
    node.answer('send', () => error(code));
    expect((await pay(node.provider())).outcome).toMatchObject({ outcome: 'not_sent', answer: { error_code: code } });
    expect(node.asked.map((input) => input.code)).toEqual(['send']);
  });

  it.each([...others, 'a_code_of_a_newer_node'])('%s: nothing, so the books of the node are asked', async (code) => {
    node.answer('send', () => error(code));
    node.answer('payment_status', ({ request_id }) => ({ code: 'payment_status', request_id, state: 'unknown' }));
    expect((await pay(node.provider())).outcome).toMatchObject({ outcome: 'unknown' });
    node.answer('payment_status', ({ request_id }) => ({
      code: 'payment_status',
      request_id,
      state: 'sent',
      output: SENT,
    }));
    expect((await pay(node.provider(), payment('r2'))).outcome).toEqual(PAID);
  });

  it.each([
    ['an answer of another kind', { code: 'wallet_closed', wallet: 'w' }],
    ['the answer to another request', { ...SENT, id: 'req_other' }],
    ['outcome_unknown', { code: 'outcome_unknown', request_id: 'x', error: 'who knows' }],
  ])('%s: nothing', async (_name, answer) => {
    node.answer('send', () => answer);
    expect((await pay(node.provider())).outcome).toMatchObject({ outcome: 'unknown' });
  });

  it.each(['never_seen', 'reserved', 'dispatched', 'unknown'])('books that say %s: nothing', async (state) => {
    const { artefact } = await pay(node.provider());
    node.answer('payment_status', ({ request_id }) => ({ code: 'payment_status', request_id, state }));
    expect(await node.provider().resolve(WALLET, artefact, call())).toMatchObject({ outcome: 'unknown' });
  });

  it.each([
    ['sent without its answer', { state: 'sent' }],
    ['sent with an answer of another kind', { state: 'sent', output: error('limit_exceeded') }],
    ['another payment', { state: 'closed', request_id: 'other' }],
  ])('books that tell %s: nothing', async (_name, told) => {
    const { artefact } = await pay(node.provider());
    node.answer('payment_status', ({ request_id }) => ({ code: 'payment_status', request_id, ...told }));
    expect(await node.provider().resolve(WALLET, artefact, call())).toMatchObject({ outcome: 'unknown' });
  });

  it('books that say not_sent: that, with the reason', async () => {
    const { artefact } = await pay(node.provider());
    const told = { code: 'payment_status', state: 'not_sent', output: error('network_error') };
    node.answer('payment_status', ({ request_id }) => ({ ...told, request_id }));
    expect(await node.provider().resolve(WALLET, artefact, call())).toMatchObject({
      outcome: 'not_sent',
      answer: { error_code: 'network_error', error: 'it was network_error' },
    });
  });
});

describe('silence on the wire', () => {
  let proxy: TcpProxy;
  let provider: Provider;
  beforeEach(async () => {
    proxy = await startTcpProxy(node.address);
    provider = node.provider({ endpoint: proxy.address });
    await provider.ping?.(call());
    node.asked.length = 0;
  });
  afterEach(() => {
    proxy.stop();
  });

  it('before the request: unknown, then closed by asking, and the payment is refused should it arrive after all', async () => {
    proxy.cutNext('before the request');
    const { artefact, outcome } = await pay(provider);
    expect(outcome).toMatchObject({ outcome: 'unknown' });
    expect(node.asked).toEqual([]);
    expect(await provider.resolve(WALLET, artefact, call())).toMatchObject({ outcome: 'not_sent' });
    expect(await provider.dispatch(WALLET, artefact, call())).toMatchObject({ outcome: 'not_sent' });
    expect([...node.books.values()]).toMatchObject([{ error: 'closed' }]);
  });

  it('after the request: unknown, then what the books say, and nothing is paid a second time', async () => {
    proxy.cutNext('after the request');
    const { artefact, outcome } = await pay(provider);
    expect(outcome).toMatchObject({ outcome: 'unknown' });
    expect(await provider.resolve(WALLET, artefact, call())).toEqual(PAID);
    expect(node.asked.map(({ code }) => code)).toEqual(['send', 'payment_status']);
  });

  it('after the answer: what the answer said, or what the books say', async () => {
    proxy.cutNext('after the answer');
    const { artefact, outcome } = await pay(provider);
    expect(outcome.outcome === 'unknown' ? await provider.resolve(WALLET, artefact, call()) : outcome).toEqual(PAID);
    expect(node.asked.filter(({ code }) => code === 'send')).toHaveLength(1);
  });

  it('without an end: unknown as soon as the caller gives up', async () => {
    proxy.cutNext('silence');
    const given = new AbortController();
    const artefact = (await provider.prepare?.(WALLET, { quote: QUOTE, payment: payment() }, call())) ?? '';
    const dispatched = provider.dispatch(WALLET, artefact, { signal: given.signal });
    await eventually(() => proxy.hasCut());
    given.abort();
    expect(await dispatched).toMatchObject({ outcome: 'unknown' });
  });

  it('around the question leaves it unknown; the next one is answered', async () => {
    const { artefact } = await pay(provider);
    for (const cut of ['before the request', 'after the request'] as const) {
      proxy.cutNext(cut);
      expect(await provider.resolve(WALLET, artefact, call())).toMatchObject({ outcome: 'unknown' });
    }
    expect(await provider.resolve(WALLET, artefact, call())).toEqual(PAID);
  });

  it('where no node is: nothing left us, so it is not sent and may be asked for again', async () => {
    const artefact = (await provider.prepare?.(WALLET, { quote: QUOTE, payment: payment() }, call())) ?? '';
    const nowhere = node.provider({ endpoint: '127.0.0.1:1' });
    const outcome = await nowhere.dispatch(WALLET, artefact, call());
    expect(outcome).toMatchObject({ outcome: 'not_sent', answer: { error_code: 'connect_error', retryable: true } });
    expect(await nowhere.resolve(WALLET, artefact, call())).toMatchObject({ outcome: 'unknown' });
    await expect(nowhere.prepare?.(WALLET, { quote: QUOTE, payment: payment() }, call())).rejects.toMatchObject({
      code: 'connect_error',
    });
  });
});

describe('another node in the place of the one that was asked', () => {
  let other: Awaited<ReturnType<typeof startStrictNode>>;
  let place = '';
  let proxy: TcpProxy;
  let provider: Provider;
  beforeEach(async () => {
    other = await startStrictNode();
    place = node.address;
    proxy = await startTcpProxy(() => place);
    provider = node.provider({ endpoint: proxy.address });
  });
  afterEach(async () => {
    proxy.stop();
    await other.stop();
  });
  const moveTo = (address: string) => {
    place = address;
    proxy.cutNext('before the request');
    return provider.ping?.(call()).catch(() => undefined);
  };

  it('is asked about nothing: it has never seen the payment, and that would prove nothing', async () => {
    const { artefact } = await pay(provider);
    await moveTo(other.address);
    expect(await provider.resolve(WALLET, artefact, call())).toMatchObject({ outcome: 'unknown' });
    expect(other.asked).toEqual([]);
    await moveTo(node.address);
    expect(await provider.resolve(WALLET, artefact, call())).toEqual(PAID);
  });

  it('is not paid through either: nothing leaves us', async () => {
    const artefact = (await provider.prepare?.(WALLET, { quote: QUOTE, payment: payment() }, call())) ?? '';
    await moveTo(other.address);
    const outcome = await provider.dispatch(WALLET, artefact, call());
    expect(outcome.outcome).not.toBe('sent');
    expect([node.asked, other.asked]).toEqual([[], []]);
  });

  it('is known by its endpoint alone in v1', async () => {
    const { artefact } = await pay(node.provider({ protocol: 'v1' }));
    const moved = node.provider({ protocol: 'v1', endpoint: proxy.address });
    expect(await moved.resolve(WALLET, artefact, call())).toMatchObject({ outcome: 'unknown' });
  });
});

describe('a node that speaks v1', () => {
  it('pays, and is asked by the id where it knows the question', async () => {
    const provider = node.provider({ protocol: 'v1' });
    const { artefact, outcome } = await pay(provider);
    expect(outcome).toEqual(PAID);
    expect(await provider.resolve(WALLET, artefact, call())).toEqual(PAID);
  });

  it('proves nothing by invalid_amount, which afpay 0.7 says of everything', async () => {
    node.answer('send', () => error('invalid_amount'));
    node.answer('payment_status', () => error('invalid_request'));
    expect((await pay(node.provider({ protocol: 'v1' }))).outcome).toMatchObject({ outcome: 'unknown' });
  });

  it('has to name our id in its answer', async () => {
    node.answer('send', () => ({ ...SENT, id: undefined }));
    expect((await pay(node.provider({ protocol: 'v1' }))).outcome).toMatchObject({ outcome: 'unknown' });
  });
});
