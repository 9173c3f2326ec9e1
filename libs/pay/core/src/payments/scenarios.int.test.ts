import { manualClock } from '@caravel/domain';
import { PayError, stringifyJson } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { eventually } from '@caravel/testing';
import type { CoreDeps } from '../pay-call.js';
import { ledgerProvider } from '../testing/ledger-provider.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';

const HOUR_S = 3600;
const DOLLARS = { ruleId: 'r_00000002', bucket: 'all/usd', windowMs: 86_400_000 };

/** The table of scenarios in pay-limits.md: W = 1 h, 10,000 sats on Lightning unless said. */
describe.each(STORES)('limits on $name, through send', ({ open }) => {
  let store: TestStore;
  let clock: ReturnType<typeof manualClock>;
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
  });
  beforeEach(async () => {
    await wipe(store.db);
    clock = manualClock(START_S);
  });
  afterAll(() => store.drop());
  const rigOf = (options: Parameters<typeof paymentRig>[1] = {}) => paymentRig(store.db, { clock, ...options });

  it('1: of two that come at once and together are too much, one is refused', async () => {
    const rig = rigOf();
    await rig.addRule();
    await rig.send('before', { key: 'before', amount: 9000n });
    const both = await Promise.all(
      ['a', 'b'].map((id) => rig.send(id, { key: id, amount: 790n, feeBound: 10n, fee: 10n })),
    );
    expect(both.map(({ code }) => code).sort()).toEqual(['limit_exceeded', 'sent']);
    expect(both.find(({ code }) => code === 'limit_exceeded')).toMatchObject({
      rule_id: 'r_00000001',
      scope: 'network',
      scope_key: 'ln',
      spent: 9800n,
      max_spend: 10_000n,
      remaining_s: HOUR_S,
    });
    rig.drop();
  });

  it('2: an unknown one is held without end, over restarts, and counts from when it is proven', async () => {
    const first = rigOf();
    const rig = rigOf({ ledgerFile: first.ledgerFile });
    await rig.addRule();
    expect(await first.send('slow', { key: 'slow', amount: 5000n, then: 'pending' })).toMatchObject({
      code: 'outcome_unknown',
      request_id: 'slow',
    });
    clock.advance(2 * HOUR_S);
    expect((await rig.send('next', { key: 'next', amount: 6000n })).code).toBe('limit_exceeded');
    clock.advance(HOUR_S);
    rig.books.decide('slow', 'paid', 5000n);
    expect(await rig.reconcile()).toEqual({ asked: 1, open: 0 });
    expect((await rig.send('slow', { key: 'slow', amount: 5000n, then: 'pending' })).code).toBe('sent');
    clock.advance(HOUR_S - 1);
    expect((await rig.send('next', { key: 'next', amount: 6000n })).code).toBe('limit_exceeded');
    clock.advance(1);
    expect((await rig.send('next', { key: 'next', amount: 6000n })).code).toBe('sent');
    expect(rig.books.paid()).toHaveLength(2);
    first.drop();
  });

  it('3: a fee above its bound is counted, told as an alert, and the next one is refused', async () => {
    const rig = rigOf();
    await rig.addRule({ max: 1010n });
    expect((await rig.send('a', { key: 'a', amount: 1000n, feeBound: 10n, fee: 25n })).code).toBe('sent');
    expect(await rig.spent()).toEqual({ held: 0n, total: 1025n });
    expect(rig.events).toContain('spend_overrun');
    expect(rig.lines.join('')).toContain('"alert":"spend_overrun"');
    expect(await rig.send('b', { key: 'b', amount: 1n })).toMatchObject({ code: 'limit_exceeded', spent: 1025n });
    rig.drop();
  });

  it('4: what was settled leaves exactly a window later', async () => {
    const rig = rigOf();
    await rig.addRule({ max: 1000n });
    await rig.send('a', { key: 'a', amount: 1000n });
    clock.advance(HOUR_S - 0.001);
    expect(await rig.send('b', { key: 'b', amount: 1n })).toMatchObject({ code: 'limit_exceeded', remaining_s: 1 });
    clock.advance(0.001);
    expect((await rig.send('b', { key: 'b', amount: 1n })).code).toBe('sent');
    rig.drop();
  });

  it('5: a slow one counts from its settlement, not from when it was asked for', async () => {
    const rig = rigOf();
    await rig.addRule({ windowMs: 60_000 });
    await rig.send('slow', { key: 'slow', amount: 10_000n, then: 'pending' });
    clock.advance(50);
    rig.books.decide('slow', 'paid', 10_000n);
    await rig.reconcile();
    clock.advance(11);
    expect((await rig.send('b', { key: 'b', amount: 10_000n })).code).toBe('limit_exceeded');
    clock.advance(49);
    expect((await rig.send('b', { key: 'b', amount: 10_000n })).code).toBe('sent');
    rig.drop();
  });

  it('6: without a price a rule in dollars refuses and holds nothing; without such a rule it does not matter', async () => {
    const rig = rigOf({ rates: noRates });
    await rig.addRule();
    expect((await rig.send('a', { key: 'a', amount: 100n })).code).toBe('sent');
    await rig.addRule({ ...DOLLARS, max: 5_000_000_000n });
    expect(await rig.send('b', { key: 'b', amount: 100n })).toMatchObject({
      error_code: 'price_unavailable',
      retryable: true,
    });
    expect(await rig.spent()).toEqual({ held: 0n, total: 100n });
    expect(rig.books.paid()).toHaveLength(1);
    rig.drop();
  });

  it('7: waiting for an approval holds nothing, and an approval is no promise of a budget', async () => {
    const approveAbove = [{ ruleId: 'a_1', unit: 'sats', above: 100n }];
    const rig = rigOf({ policy: { approveAbove } });
    await rig.addRule({ max: 200n });
    const send = (id: string, amount: bigint) => rig.send(id, { key: id, amount });
    expect(await send('a', 150n)).toMatchObject({ code: 'approval_required', request_id: 'a', approve_above: 100n });
    expect((await send('b', 120n)).code).toBe('approval_required');
    expect(await rig.spent()).toEqual({ held: 0n, total: 0n });
    for (const request_id of ['a', 'b']) {
      expect(await rig.ask('approve', { request_id })).toMatchObject({ code: 'approval', state: 'approved' });
    }
    expect((await send('a', 150n)).code).toBe('sent');
    expect((await send('b', 120n)).code).toBe('limit_exceeded');
    expect(rig.books.paid()).toHaveLength(1);
    rig.drop();
  });

  it('8: one whose owner was silent before it was sent is freed after a minute, and its owner then sends nothing', async () => {
    let wakeUp: ((artefact: string) => void) | undefined;
    const asleep = new Promise<string>((resolve) => (wakeUp = resolve));
    const slow = rigOf({
      provider: (books) => ({ ...ledgerProvider(books, { prepares: true }), prepare: () => asleep }),
    });
    const payment = { key: 'a', amount: 6000n };
    const rig = rigOf({ ledgerFile: slow.ledgerFile });
    await rig.addRule();
    const sending = slow.send('a', payment);
    await eventually(async () => (await rig.spent()).held === 6000n);
    expect(await rig.reconcile()).toEqual({ asked: 0, open: 1 });
    clock.advance(60);
    expect(await rig.reconcile()).toEqual({ asked: 0, open: 0 });
    expect(await rig.spent()).toEqual({ held: 0n, total: 0n });
    wakeUp?.('too late');
    expect((await sending).code).toBe('error');
    expect(rig.books.entries()).toEqual([]);
    expect((await rig.send('a', payment)).code).toBe('sent');
    slow.drop();
  });

  it('9: an unknown one is asked about until the peer proves that it is dead, and frees its budget then', async () => {
    const rig = rigOf();
    await rig.addRule();
    await rig.send('a', { key: 'a', amount: 6000n, then: 'pending' });
    const asked: number[] = [];
    for (let s = 5; s <= 1400; s += 5) {
      clock.advance(5);
      if ((await rig.reconcile()).asked > 0) asked.push(s);
    }
    expect(asked).toEqual([5, 20, 80, 380, 1280]);
    expect((await rig.send('b', { key: 'b', amount: 6000n })).code).toBe('limit_exceeded');
    rig.books.decide('a', 'dead');
    clock.advance(900);
    expect(await rig.reconcile()).toEqual({ asked: 1, open: 0 });
    expect(await rig.ask('payment_status', { request_id: 'a' })).toMatchObject({ state: 'not_sent' });
    expect((await rig.send('b', { key: 'b', amount: 6000n })).code).toBe('sent');
    rig.drop();
  });

  it('9: one that nobody knows for an hour is an alert, once', async () => {
    const rig = rigOf();
    await rig.send('a', { key: 'a', amount: 6000n, then: 'pending' });
    for (let round = 0; round < 8; round += 1) {
      clock.advance(900);
      await rig.reconcile();
    }
    expect(rig.events.filter((what) => what === 'unknown_for_long')).toHaveLength(1);
    rig.drop();
  });

  it('10: what was proven not to be sent and left after all is counted then, and told as an alert', async () => {
    const rig = rigOf();
    await rig.addRule();
    const payment = { key: 'a', amount: 6000n, then: 'lost' } as const;
    await rig.send('a', payment);
    clock.advance(5);
    await rig.reconcile();
    expect(await rig.spent()).toEqual({ held: 0n, total: 0n });
    const said = { request_id: 'a', outcome: 'sent', reason: 'the preimage came by mail' };
    expect(await rig.ask('payment_resolve', said)).toMatchObject({ code: 'payment_resolved', outcome: 'sent' });
    expect(await rig.spent()).toEqual({ held: 0n, total: 6000n });
    expect(rig.events).toContain('late_truth');
    expect(await rig.send('a', payment)).toMatchObject({ code: 'sent', replayed: true });
    expect(await rig.ask('payment_resolve', { ...said, outcome: 'not_sent' })).toMatchObject({ code: 'error' });
    rig.drop();
  });

  it('11: when one asset of two is over its rule, nothing is held', async () => {
    const rig = rigOf({ provider: (books) => withGas(ledgerProvider(books, { network: 'evm', unit: 'usdc' })) });
    const said = stringifyJson({ scope: 'network', network: 'evm', window_s: 3600, max_spend: 20 });
    await rig.addRule({ ruleId: 'r_gas', bucket: 'network/evm/wei', max: 20n, said });
    await rig.addRule({ ruleId: 'r_usdc', bucket: 'network/evm/usdc', max: 10_000n });
    expect(await rig.send('a', { key: 'a', amount: 100n })).toMatchObject({ code: 'limit_exceeded', rule_id: 'r_gas' });
    expect(await rig.spent('network/evm/usdc')).toEqual({ held: 0n, total: 0n });
    expect(rig.books.entries()).toEqual([]);
    rig.drop();
  });

  it('12: a fee that burned counts, though the payment was not sent', async () => {
    const rig = rigOf();
    await rig.addRule();
    expect((await rig.send('a', { key: 'a', amount: 6000n, fee: 30n, then: 'burn' })).code).toBe('error');
    expect(await rig.spent()).toEqual({ held: 0n, total: 30n });
    rig.drop();
  });

  it('13: an id that was closed by asking about it is never paid, and one that was paid is not closed', async () => {
    const rig = rigOf();
    const close = (request_id: string) => rig.ask('payment_status', { request_id, close_if_unknown: true });
    expect(await rig.ask('payment_status', { request_id: 'a' })).toMatchObject({ state: 'never_seen' });
    expect(await close('a')).toMatchObject({ state: 'closed' });
    expect(await rig.send('a', { key: 'a', amount: 100n })).toMatchObject({ error_code: 'request_closed' });
    await rig.send('b', { key: 'b', amount: 100n });
    expect(await close('b')).toMatchObject({ state: 'sent', output: { code: 'sent', transaction_id: 'tx b' } });
    await rig.send('c', { key: 'c', amount: 100n, then: 'pending' });
    expect(await close('c')).toMatchObject({ state: 'unknown' });
    const races = await Promise.all([close('d'), rig.send('d', { key: 'd', amount: 100n })]);
    const [status, sent] = races.map((output) => output);
    const isClosed = status && 'state' in status && status.state === 'closed';
    expect(sent?.code).toBe(isClosed ? 'error' : 'sent');
    expect(rig.books.paid()).toHaveLength(isClosed ? 1 : 2);
    rig.drop();
  });

  it('14: a clock that is set ahead and back empties no window twice', async () => {
    const rig = rigOf();
    await rig.addRule();
    clock.advance(HOUR_S);
    await rig.send('a', { key: 'a', amount: 10_000n });
    clock.advance(-HOUR_S);
    expect((await rig.send('b', { key: 'b', amount: 1n })).code).toBe('limit_exceeded');
    clock.advance(2 * HOUR_S - 1);
    expect((await rig.send('b', { key: 'b', amount: 1n })).code).toBe('limit_exceeded');
    clock.advance(1);
    expect((await rig.send('b', { key: 'b', amount: 1n })).code).toBe('sent');
    rig.drop();
  });
});

const noRates: CoreDeps['rates'] = { usdMicros: () => Promise.reject(new PayError('price_unavailable', 'stale')) };

/** Every payment also takes 30 wei. */
const withGas = (provider: ReturnType<typeof ledgerProvider>) => ({
  ...provider,
  quote: async (...args: Parameters<typeof provider.quote>) => {
    const quote = await provider.quote(...args);
    return { ...quote, debits: [...quote.debits, { unit: 'wei', amount: 30n }] };
  },
});
