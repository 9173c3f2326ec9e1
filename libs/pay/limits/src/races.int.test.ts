import { openStore } from '@caravel/pay-store';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { openSpend } from './open-spend.js';
import type { ReserveResult, Spend } from './spend.js';

const NOW_MS = 1_760_000_000_000;
const HOUR_MS = 3_600_000;

describe.each(STORES)('limits on $name under a crowd', ({ open }) => {
  let store: TestStore;
  let spend: Spend;
  beforeAll(async () => {
    store = await open();
    spend = openSpend(store.db);
    const rule = { windowMs: HOUR_MS, said: 'a limit', origin: 'command' } as const;
    await spend.addRule({ ...rule, ruleId: 'r_1', bucket: 'network/ln/sats', max: 10_000n }, NOW_MS);
    await spend.addRule({ ...rule, ruleId: 'r_2', bucket: 'all/usd', max: 7_000_000n }, NOW_MS);
  });
  afterAll(() => store.drop());

  it('are never passed by 64 spenders at once, who end in every way', async () => {
    let peak = 0n;
    const over = new AbortController();
    const watch = (async () => {
      while (!over.signal.aborted) {
        for (const { ruleId, spent } of await spend.status(NOW_MS)) if (ruleId === 'r_1' && spent > peak) peak = spent;
      }
    })();
    const results: Record<string, number> = {};
    await Promise.all(
      Array.from({ length: 64 }, async (_, spender) => {
        for (let turn = 0; turn < 6; turn += 1) {
          const opId = `o${spender}_${turn}`;
          const amount = BigInt(90 + ((spender * 7 + turn * 13) % 40));
          const debits = new Map([
            ['network/ln/sats', amount],
            ['all/usd', amount * 613n],
          ]);
          const { result } = await spend.reserve({ opId, requestHash: 'h', debits, nowMs: NOW_MS });
          results[result] = (results[result] ?? 0) + 1;
          if (result !== 'ok') continue;
          expect(await spend.move(opId, 'reserved', 'dispatched')).toBe(true);
          if ((spender + turn) % 3 === 2) continue;
          const outcome = (spender + turn) % 3 === 0 ? 'not_sent' : 'sent';
          await spend.settle({ opId, outcome, debits: outcome === 'sent' ? debits : new Map(), nowMs: NOW_MS });
        }
      }),
    );
    over.abort();
    await watch;
    expect(peak).toBeLessThanOrEqual(10_000n);
    expect(peak).toBeGreaterThan(9_000n);
    expect(results.limit_exceeded).toBeGreaterThan(0);
  });

  it('hold one payment for one id, however many ask at once', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => openStore(store.location)));
    const books = [spend, ...others.map(openSpend)];
    const reservation = { opId: 'same', requestHash: 'h', debits: new Map([['wallet/w_9/sats', 5n]]), nowMs: NOW_MS };
    const results: ReserveResult[] = await Promise.all(
      Array.from({ length: 64 }, (_, index) => (books[index % books.length] ?? spend).reserve(reservation)),
    );
    expect(results.filter(({ result }) => result === 'ok')).toHaveLength(1);
    expect(results.filter(({ result }) => result === 'exists')).toHaveLength(63);
    const another = { ...reservation, requestHash: 'another' };
    expect(await spend.reserve(another)).toEqual({ result: 'conflict' });

    const moves = await Promise.all(books.map((book) => book.move('same', 'reserved', 'dispatched')));
    expect(moves.filter(Boolean)).toHaveLength(1);
    await Promise.all(others.map((db) => db.close()));
  });

  it('refuse to work inside a transaction that cannot see what the last one wrote', async () => {
    if (store.db.dialect !== 'postgres') return;
    const inside = store.db.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await tx.query("SELECT spend_settle('same', 'sent', '{}', '{}', 1)");
    });
    await expect(inside).rejects.toThrow('need READ COMMITTED');
  });
});
