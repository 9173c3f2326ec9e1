import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { openSpend } from './open-spend.js';
import { pruneSpend } from './prune-spend.js';
import type { Spend } from './spend.js';

const DAY_MS = 86_400_000;
const START_MS = 1_760_000_000_000;
const BUCKET = 'network/ln/sats';

describe.each(STORES)('forgetting what left long ago, on $name', ({ open }) => {
  let store: TestStore;
  let spend: Spend;
  beforeEach(async () => {
    store = await open();
    spend = openSpend(store.db);
  });
  afterEach(() => store.drop());

  const rule = (ruleId: string, days: number) => ({
    ...{ ruleId, bucket: BUCKET, windowMs: days * DAY_MS, max: 1_000_000n, said: ruleId },
    origin: 'command' as const,
  });
  const pay = async (opId: string, { day, bucket = BUCKET }: { day: number; bucket?: string }) => {
    const payment = { opId, debits: new Map([[bucket, 10n]]), nowMs: START_MS + day * DAY_MS };
    await spend.reserve({ ...payment, requestHash: 'h' });
    await spend.settle({ ...payment, outcome: 'sent' });
  };
  const spentOn = async (day: number) =>
    new Map((await spend.status(START_MS + day * DAY_MS)).map(({ ruleId, spent }) => [ruleId, spent]));
  const events = async () => (await store.db.query('SELECT at_ms FROM spend_events ORDER BY at_ms')).length;

  it('changes nothing that a rule says, whenever it is asked, and keeps one event before the window', async () => {
    await spend.addRule(rule('r_short', 1), START_MS);
    await spend.addRule(rule('r_long', 30), START_MS);
    for (let day = 0; day <= 60; day += 1) await pay(`o${day}`, { day });
    const before = await Promise.all([60, 59, 61, 75, 90, 200].map(spentOn));
    expect(await pruneSpend(store.db, 7 * DAY_MS)).toBe(false);
    expect(await events()).toBe(31);
    expect(await Promise.all([60, 59, 61, 75, 90, 200].map(spentOn))).toEqual(before);
    await pay('o90', { day: 90 });
    expect(await spentOn(90)).toEqual(
      new Map([
        ['r_long', 10n],
        ['r_short', 10n],
      ]),
    );
  });

  it('keeps what a rule would see that is added later, and counts everything for one that looks back further', async () => {
    for (let day = 0; day <= 60; day += 1) await pay(`o${day}`, { day });
    expect(await pruneSpend(store.db, 30 * DAY_MS)).toBe(false);
    await spend.addRule(rule('r_30', 30), START_MS);
    await spend.addRule(rule('r_40', 40), START_MS);
    expect(await spentOn(60)).toEqual(
      new Map([
        ['r_30', 300n],
        ['r_40', 610n],
      ]),
    );
  });

  it('asks the last event of a bucket and not the clock: what lies still stays, and a repeat forgets nothing more', async () => {
    await pay('still', { day: 0, bucket: 'wallet/w_1/sats' });
    for (let day = 0; day <= 60; day += 1) await pay(`o${day}`, { day });
    await pruneSpend(store.db, 10 * DAY_MS);
    const kept = await events();
    await pruneSpend(store.db, 10 * DAY_MS);
    expect(await events()).toBe(kept);
    expect(await store.db.query("SELECT 1 FROM spend_events WHERE op_id = 'still'")).toHaveLength(1);
  });

  it('takes a thousand at a time, and says when there is more', async () => {
    await store.db.query(MANY, [BUCKET, START_MS]);
    await store.db.query('INSERT INTO spend_buckets (bucket, held, total, last_at_ms) VALUES ($1, $2, $3, $4)', [
      ...[BUCKET, 0n, 2500n, START_MS + 2500],
    ]);
    await spend.addRule({ ...rule('r_1', 1), windowMs: 100 }, START_MS);
    const status = await spend.status(START_MS);
    const rounds: boolean[] = [];
    do rounds.push(await pruneSpend(store.db, 0));
    while (rounds.at(-1) === true);
    expect(rounds).toEqual([true, true, false]);
    expect(await events()).toBe(101);
    expect(await spend.status(START_MS)).toEqual(status);
  });
});

const MANY = `INSERT INTO spend_events (bucket, at_ms, event_seq, op_id, amount, total_after)
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2500)
  SELECT $1, CAST($2 AS bigint) + n, 1, 'o', 1, n FROM numbers`;
