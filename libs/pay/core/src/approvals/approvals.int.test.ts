import { manualClock } from '@caravel/domain';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import type { Caller } from '../pay-call.js';
import { ledgerProvider } from '../testing/ledger-provider.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import type { PaymentRig } from '../testing/payment-rig.js';
import { hurry, wipe } from '../testing/wipe.js';

const AGENT: Caller = { keyName: 'agent', isLocal: false, role: 'payer' };
const BOSS: Caller = { keyName: 'boss', isLocal: false, role: 'approver' };
const MINUTE_S = 60;

describe.each(STORES)('an approval on $name', ({ open }) => {
  let store: TestStore;
  let clock: ReturnType<typeof manualClock>;
  let rig: PaymentRig;
  beforeAll(async () => {
    store = await open();
    await store.db.query(HISTORY_TABLE);
    await hurry(store.db);
  });
  beforeEach(async () => {
    await wipe(store.db);
    clock = manualClock(START_S);
    rig = paymentRig(store.db, { clock, policy: { approveAbove: [{ ruleId: 'a_1', unit: 'sats', above: 1000n }] } });
  });
  afterEach(() => {
    rig.drop();
  });
  afterAll(() => store.drop());
  const send = (id: string, more: Partial<Parameters<PaymentRig['send']>[1]> = {}, caller = AGENT) =>
    rig.send(id, { key: id, amount: 1000n, feeBound: 10n, ...more }, { caller });
  const decide = (code: 'approve' | 'deny', request_id: string, caller = BOSS) =>
    rig.ask(code, { request_id }, { caller });

  it('is asked for above the rule, fee bound included, and not at it', async () => {
    expect((await send('at', { amount: 990n })).code).toBe('sent');
    expect(await send('above', { amount: 991n })).toMatchObject({
      code: 'approval_required',
      rule_id: 'a_1',
      debits: [{ token: 'sats', amount: 1001n }],
      expires_at_epoch_s: START_S + 86_400,
    });
    expect(await rig.ask('payment_status', { request_id: 'above' }, { caller: AGENT })).toMatchObject({
      state: 'awaiting_approval',
    });
  });

  it('lets the same request through, once, and is not needed to read its answer again', async () => {
    await send('a');
    expect((await send('a')).code).toBe('approval_required');
    expect((await decide('approve', 'a')).code).toBe('approval');
    expect((await send('a')).code).toBe('sent');
    expect(await send('a')).toMatchObject({ code: 'sent', replayed: true });
    expect(rig.books.paid()).toHaveLength(1);
  });

  it('comes from this machine or from an approver who did not ask', async () => {
    await send('a');
    expect(await decide('approve', 'a', AGENT)).toMatchObject({ error_code: 'permission_denied' });
    await send('b', {}, BOSS);
    expect(await decide('approve', 'b')).toMatchObject({ error_code: 'permission_denied' });
    expect((await rig.ask('approve', { request_id: 'b' })).code).toBe('approval');
    expect((await send('b', {}, BOSS)).code).toBe('sent');
    expect(rig.books.paid()).toHaveLength(1);
  });

  it('lapses ten minutes after it was given', async () => {
    await send('a');
    expect(await decide('approve', 'a')).toMatchObject({ expires_at_epoch_s: START_S + 10 * MINUTE_S });
    clock.advance(10 * MINUTE_S);
    expect((await send('a')).code).toBe('approval_required');
    await decide('approve', 'a');
    clock.advance(10 * MINUTE_S - 1);
    expect((await send('a')).code).toBe('sent');
  });

  it('can be given for a day, and until a minute before the invoice expires', async () => {
    await send('day');
    clock.advance(86_400);
    expect(await decide('approve', 'day')).toMatchObject({ error_code: 'invalid_argument' });
    const expiresAtMs = clock.now().getTime() + 180_000;
    await send('soon', { expiresAtMs });
    expect(await decide('approve', 'soon')).toMatchObject({ expires_at_epoch_s: expiresAtMs / 1000 - 60 });
    clock.advance(120);
    expect(await send('soon', { expiresAtMs })).toMatchObject({ code: 'error' });
    expect(rig.books.paid()).toEqual([]);
  });

  it('permits no more than what was asked for', async () => {
    const provider = ledgerProvider(rig.books);
    let feeBound = 10n;
    const dear = paymentRig(store.db, {
      clock,
      ledgerFile: rig.ledgerFile,
      policy: rig.deps.policy,
      provider: () => ({
        ...provider,
        quote: async (...args) => ({
          ...(await provider.quote(...args)),
          feeBound: { value: feeBound, token: 'sats' },
        }),
      }),
    });
    const ask = () => dear.send('a', { key: 'a', amount: 1000n, feeBound: 10n });
    await ask();
    await dear.ask('approve', { request_id: 'a' });
    feeBound = 11n;
    expect((await ask()).code).toBe('approval_required');
    feeBound = 10n;
    expect((await ask()).code).toBe('approval_required');
    await dear.ask('approve', { request_id: 'a' });
    feeBound = 9n;
    expect((await ask()).code).toBe('sent');
  });

  it('that was denied refuses the request', async () => {
    await send('a');
    expect(await decide('deny', 'a')).toMatchObject({ code: 'approval', state: 'denied' });
    expect(await send('a')).toMatchObject({ error_code: 'permission_denied' });
    expect(await decide('approve', 'a')).toMatchObject({ error_code: 'invalid_argument' });
    expect(rig.books.entries()).toEqual([]);
  });

  it('waits for at most 20 payments of one key, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => send(`many ${index}`)));
    expect(answers.filter(({ code }) => code === 'approval_required')).toHaveLength(20);
    expect(answers.filter((answer) => 'error_code' in answer && answer.error_code === 'rate_limited')).toHaveLength(10);
    expect((await send('other', {}, { ...AGENT, keyName: 'another' })).code).toBe('approval_required');
    const waiting = answers.findIndex(({ code }) => code === 'approval_required');
    await decide('deny', `many ${waiting}`);
    expect((await send('one more')).code).toBe('approval_required');
  });

  it('is refused where two keys wait under one id', async () => {
    await send('a');
    await send('a', {}, { ...AGENT, keyName: 'another' });
    expect(await decide('approve', 'a')).toMatchObject({ error_code: 'invalid_argument' });
  });
});
