import { manualClock } from '@caravel/domain';
import { STORES } from '@caravel/pay-store/testing';
import { ledgerProvider } from '../testing/ledger-provider.js';
import { HISTORY_TABLE, paymentRig, START_S } from '../testing/payment-rig.js';
import { PAYMENT_TABLES } from '../testing/wipe.js';

const CANARIES = ['lnbc1canary', 'memo-canary', 'note-canary', 'cashuBcanarytoken0', 'feedfacecanary'];

describe.each(STORES)('what is kept of payments on $name', ({ open }) => {
  it('has no invoice, memo, preimage or token in clear, in any table or line of the log', async () => {
    const store = await open();
    await store.db.query(HISTORY_TABLE);
    const clock = manualClock(START_S);
    const rig = paymentRig(store.db, {
      clock,
      provider: (books) => {
        const provider = ledgerProvider(books);
        const token = { token: 'cashuBcanarytoken0', preimage: 'feedfacecanary' };
        return {
          ...provider,
          dispatch: async (...args) => ({ ...(await provider.dispatch(...args)), ...token }),
          resolve: () => Promise.resolve({ outcome: 'unknown', reason: 'nobody knows' }),
        };
      },
      policy: { approveAbove: [{ ruleId: 'a_1', unit: 'sats', above: 500n }] },
    });
    await rig.addRule({ max: 600n });
    const memos = { onchain_memo: 'memo-canary', local_memo: 'note-canary' };
    const send = (id: string, to: string) => rig.ask('send', { id, to, network: 'ln', ...memos });
    expect(await send('sent', 'lnbc1canary a|100|1|1|ok|')).toMatchObject({ preimage: 'feedfacecanary' });
    expect((await send('unknown', 'lnbc1canary b|100|1|1|pending|')).code).toBe('outcome_unknown');
    expect((await send('waits', 'lnbc1canary c|501|1|1|ok|')).code).toBe('approval_required');
    expect((await send('refused', 'lnbc1canary d|100|1|1|refuse|')).code).toBe('error');
    expect((await send('limited', 'lnbc1canary e|450|1|1|ok|')).code).toBe('limit_exceeded');
    expect(await rig.ask('cashu_send', { id: 'token', amount: { value: 5, token: 'sats' }, ...memos })).toMatchObject({
      code: 'cashu_sent',
      token: 'cashuBcanarytoken0',
    });
    clock.advance(10);
    await rig.reconcile();

    for (const table of PAYMENT_TABLES.filter((name) => name !== 'test_history')) {
      const rows = await store.db.query(`SELECT * FROM ${table}`);
      const text = rows.flatMap((row) => Object.values(row).map(readable)).join('\n');
      expect([table, CANARIES.filter((canary) => text.includes(canary))]).toEqual([table, []]);
    }
    expect(CANARIES.filter((canary) => rig.lines.join('').includes(canary))).toEqual([]);
    expect(await store.db.query('SELECT op_id FROM pay_payments WHERE artefact IS NOT NULL')).toHaveLength(4);
    rig.drop();
    await store.drop();
  });
});

const readable = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
