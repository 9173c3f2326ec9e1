import { manualClock } from '@caravel/domain';
import { PayError } from '@caravel/pay-protocol';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { LOCAL } from '../pay-call.js';
import { ledgerProvider } from '../testing/ledger-provider.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import type { PaymentRig } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';

const LUNCH = { key: 'lunch', amount: 1000n, fee: 3n, feeBound: 10n };

describe.each(STORES)('a payment on $name', ({ open }) => {
  let store: TestStore;
  let clock: ReturnType<typeof manualClock>;
  let rig: PaymentRig;
  const drops: (() => void)[] = [];
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
  });
  beforeEach(async () => {
    await wipe(store.db);
    clock = manualClock(START_S);
    rig = rigOf();
  });
  afterEach(() => {
    for (const drop of drops.splice(0)) drop();
  });
  afterAll(() => store.drop());
  const rigOf = (options: Parameters<typeof paymentRig>[1] = {}) => {
    const made = paymentRig(store.db, { clock, ...options });
    drops.push(made.drop);
    return made;
  };

  it('is made once for its id, counted, written into the history, and answered again from what was kept', async () => {
    const sent = await rig.send('one', LUNCH);
    expect(sent).toMatchObject({ code: 'sent', id: 'one', transaction_id: 'tx lunch', amount: { value: 1000n } });
    expect(await rig.send('one', LUNCH)).toEqual({ ...sent, replayed: true });
    expect(rig.books.paid()).toHaveLength(1);
    expect(await rig.spent()).toEqual({ held: 0n, total: 1003n });
    expect(await rig.spent('key/local/network/ln/sats')).toEqual({ held: 0n, total: 1003n });
    expect(await store.db.query('SELECT transaction_id, amount FROM test_history')).toEqual([
      { transaction_id: 'tx lunch', amount: '1000' },
    ]);
    expect(rig.events).toEqual(['sent']);
  });

  it.each([2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n + 1n, 2n ** 64n - 1n, 2n ** 64n + 1n, 10n ** 30n])(
    'of %s base units loses no digit on its way through the books',
    async (amount) => {
      const payment = { key: 'large', amount, fee: 1n, feeBound: 2n, then: 'pending' } as const;
      await rig.send('one', payment);
      expect(await rig.spent()).toEqual({ held: amount + 2n, total: 0n });
      rig.books.decide('large', 'paid', amount + 1n);
      clock.advance(5);
      await rig.reconcile();
      expect(await rig.spent()).toEqual({ held: 0n, total: amount + 1n });
      expect(await rig.send('one', payment)).toMatchObject({ code: 'sent', amount: { value: amount } });
      expect(await store.db.query('SELECT amount FROM test_history')).toEqual([{ amount: String(amount) }]);
    },
  );

  it('is asked about by one process at a time, however many reconcile', async () => {
    await rig.send('one', { ...LUNCH, then: 'pending' });
    await rig.send('two', { key: 'other', amount: 1n, then: 'silent' });
    clock.advance(5);
    const rigs = Array.from({ length: 8 }, () => rigOf({ ledgerFile: rig.ledgerFile }));
    const rounds = await Promise.all(rigs.map((each) => each.reconcile()));
    expect(rounds.reduce((sum, { asked }) => sum + asked, 0)).toBe(2);
    expect((await rig.reconcile()).open).toBe(1);
    expect(rigs.flatMap(({ events }) => events)).toEqual(['sent']);
  });

  it('is another one under another id, and a conflict under the same', async () => {
    await rig.send('one', LUNCH);
    expect(await rig.send('one', { ...LUNCH, amount: 5n })).toMatchObject({ error_code: 'idempotency_conflict' });
    expect(await rig.send('two', LUNCH)).toMatchObject({ error_code: 'already_paid' });
    expect((await rig.send('three', { ...LUNCH, key: 'dinner' })).code).toBe('sent');
  });

  it('that was refused is tried again under its id', async () => {
    await rig.addRule({ max: 500n });
    expect((await rig.send('one', LUNCH)).code).toBe('limit_exceeded');
    await rig.deps.spend.removeRule('r_00000001');
    expect((await rig.send('one', LUNCH)).code).toBe('sent');
    expect(await rig.ask('payment_status', { request_id: 'one' })).toMatchObject({ state: 'sent' });
  });

  it('keeps others from the same invoice while nobody knows what became of it', async () => {
    expect((await rig.send('one', { ...LUNCH, then: 'pending' })).code).toBe('outcome_unknown');
    expect(await rig.send('two', { ...LUNCH, then: 'pending' })).toMatchObject({ error_code: 'in_progress' });
    expect((await rig.send('one', { ...LUNCH, then: 'pending' })).code).toBe('outcome_unknown');
    expect(rig.books.entries()).toHaveLength(1);
    rig.books.decide('lunch', 'dead');
    clock.advance(5);
    await rig.reconcile();
    expect((await rig.send('three', LUNCH)).code).toBe('sent');
  });

  it('goes on when the caller has gone, and is answered later', async () => {
    const provider = (books: PaymentRig['books']) => ledgerProvider(books);
    let letGo: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const slow = rigOf({
      provider: (books) => ({
        ...provider(books),
        dispatch: async (...args) => {
          await gate;
          return provider(books).dispatch(...args);
        },
      }),
    });
    const caller = new AbortController();
    const answer = slow.send('one', LUNCH, { signal: caller.signal });
    caller.abort();
    expect(await answer).toMatchObject({ error_code: 'in_progress', retryable: true });
    const deadlineMs = clock.now().getTime() + 300;
    expect(await slow.send('one', LUNCH, { deadlineMs })).toMatchObject({ error_code: 'in_progress' });
    letGo?.();
    await slow.pay.idle();
    expect(await slow.send('one', LUNCH)).toMatchObject({ code: 'sent', replayed: true });
    expect(slow.books.paid()).toHaveLength(1);
  });

  it('whose provider hangs fails alone, and is found paid later', async () => {
    const timeouts = { quoteMs: 5000, prepareMs: 5000, dispatchMs: 50, resolveMs: 5000 };
    const hanging = rigOf({ timeouts });
    const both = await Promise.all([
      hanging.send('one', { ...LUNCH, then: 'hang' }),
      hanging.send('two', { key: 'other', amount: 1n }),
    ]);
    expect(both.map(({ code }) => code)).toEqual(['outcome_unknown', 'sent']);
    clock.advance(5);
    await hanging.reconcile();
    expect(await hanging.send('one', { ...LUNCH, then: 'hang' })).toMatchObject({ code: 'sent', replayed: true });
    expect(await hanging.spent()).toEqual({ held: 0n, total: 1004n });
  });

  it('is refused for a key that may only look, and for a mint or recipient that is not on the list', async () => {
    const viewer = { ...LOCAL, keyName: 'viewer', isLocal: false, role: 'viewer' } as const;
    expect(await rig.send('one', LUNCH, { caller: viewer })).toMatchObject({ error_code: 'permission_denied' });
    const listed = rigOf({ policy: { recipients: ['peer of friend'] } });
    expect(await listed.send('two', LUNCH)).toMatchObject({ error_code: 'recipient_not_allowed' });
    expect((await listed.send('three', { ...LUNCH, key: 'friend' })).code).toBe('sent');
    const mints = rigOf({ policy: { mints: ['https://good.example'] } });
    const token = { amount: { value: 5, token: 'sats' } };
    for (const named of [{ mints: ['https://bad.example'] }, {}]) {
      expect(await mints.ask('cashu_send', { ...token, ...named })).toMatchObject({ error_code: 'mint_not_allowed' });
    }
  });

  it('of an expired invoice is refused', async () => {
    const expiresAtMs = clock.now().getTime();
    expect(await rig.send('one', { ...LUNCH, expiresAtMs })).toMatchObject({ error_code: 'invalid_argument' });
    expect(rig.books.entries()).toEqual([]);
  });

  it('by another node counts there, where the configuration says so, and here on a node', async () => {
    const remote = { provider: (books: PaymentRig['books']) => ledgerProvider(books, { isRemote: true }) };
    const line = rigOf({ ...remote, policy: { enforce: 'local' } });
    await line.addRule({ max: 1n });
    expect((await line.send('one', LUNCH)).code).toBe('sent');
    expect(await line.spent()).toEqual({ held: 0n, total: 0n });
    expect((await rigOf(remote).send('two', { ...LUNCH, key: 'dinner' })).code).toBe('limit_exceeded');
  });

  it('by a node that gives no quote goes through without a rule that sees it, and not with one', async () => {
    const old = rigOf({
      provider: (books) => ({
        ...ledgerProvider(books, { prepares: true, isRemote: true }),
        quote: () => Promise.reject(new PayError('quote_unavailable', 'it speaks 0.7')),
      }),
    });
    await old.addRule({ bucket: 'network/btc/sats' });
    expect((await old.send('one', LUNCH)).code).toBe('sent');
    expect(await old.spent()).toEqual({ held: 0n, total: 1003n });
    expect(old.events).not.toContain('spend_overrun');
    await old.addRule({ ruleId: 'r_2', bucket: 'key/local/wallet/w_0000000a/sats', max: 10n ** 9n });
    expect(await old.send('two', { ...LUNCH, key: 'dinner' })).toMatchObject({ error_code: 'quote_unavailable' });
    expect(old.books.paid()).toHaveLength(1);
  });

  it('can be priced before it is made', async () => {
    const { key, amount, fee, feeBound } = LUNCH;
    const to = `${key}|${amount}|${fee}|${feeBound}|ok|`;
    expect(await rig.ask('send_quote', { id: 'q', to })).toMatchObject({
      code: 'send_quote',
      fee_estimate: { value: 3n, token: 'sats' },
      fee_bound: { value: 10n, token: 'sats' },
      debits: [{ token: 'sats', amount: 1010n }],
    });
    expect(rig.books.entries()).toEqual([]);
  });

  it('is ended by hand on this machine only, with a reason that is kept', async () => {
    await rig.send('one', { ...LUNCH, then: 'pending' });
    const word = { id: 'word', request_id: 'one', outcome: 'not_sent', reason: 'the peer has closed the channel' };
    const agent = { ...LOCAL, keyName: 'agent', isLocal: false };
    expect(await rig.ask('payment_resolve', word, { caller: agent })).toMatchObject({
      error_code: 'permission_denied',
    });
    expect(await rig.ask('payment_resolve', word)).toMatchObject({ code: 'payment_resolved', outcome: 'not_sent' });
    expect(await rig.ask('payment_resolve', word)).toMatchObject({ replayed: true });
    expect(await rig.spent()).toEqual({ held: 0n, total: 0n });
    const audit = 'SELECT resolved_by, resolve_reason FROM pay_payments';
    expect(await store.db.query(audit)).toEqual([{ resolved_by: 'local', resolve_reason: word.reason }]);
  });

  it('of a session of 0.7 is a new one each time, and a repeated call of it is refused', async () => {
    const call = (byte: number) => ({ v1Nonce: Buffer.alloc(12, byte) });
    expect((await rig.send('session_1', LUNCH, call(1))).code).toBe('sent');
    expect(await rig.send('session_1', LUNCH, call(1))).toMatchObject({ error_code: 'unauthenticated' });
    expect((await rig.send('session_1', { ...LUNCH, key: 'dinner' }, call(2))).code).toBe('sent');
    expect(rig.books.paid()).toHaveLength(2);
  });
});
