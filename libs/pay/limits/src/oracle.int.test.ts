import { isDeepStrictEqual } from 'node:util';
import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { luckOf } from '@caravel/testing';
import { openSpend } from './open-spend.js';
import { pruneSpend } from './prune-spend.js';
import type { BucketDebits, Spend, SpendRule } from './spend.js';
import { Oracle } from './testing/oracle.js';

const SEED = Number(process.env.SEED ?? Math.trunc(Date.now() / 1000));
/** `PAY_ORACLE_OPERATIONS=1000000` for either. */
const OPERATIONS = { SQLite: 100_000, PostgreSQL: 5_000 };
const WINDOWS_MS = [60_000, 3_600_000, 86_400_000];
const MOST_RULES = 12;

const WEI = 10n ** 18n;
const PATHS: readonly (readonly string[])[] = [
  ['wallet/w_1/sats', 'network/ln/sats', 'network/ln/usd', 'all/usd'],
  ['wallet/w_2/sats', 'network/ln/sats', 'network/ln/usd', 'all/usd'],
  ['wallet/w_3/wei', 'network/evm/wei', 'all/usd', 'key/agent/network/evm/wei'],
];
const BUCKETS = [...new Set(PATHS.flat())];
const unitOf = (bucket: string): bigint => {
  if (bucket.endsWith('/wei')) return WEI / 7n;
  return bucket.endsWith('/usd') ? 613n : 1n;
};
/** `expect` costs more than the operation it looks at, so it is asked only to say what is wrong. */
const same = (actual: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
};

describe.each(STORES)('limits on $name', ({ name, open }) => {
  let store: TestStore;
  let spend: Spend;
  beforeAll(async () => {
    store = await open();
    spend = openSpend(store.db);
    // Here it is the arithmetic that is compared; that nothing is lost with the machine is for the store's own tests.
    if (store.db.dialect === 'sqlite') await store.db.query('PRAGMA synchronous=OFF');
  });
  afterAll(() => store.drop());

  const operations = Number(process.env.PAY_ORACLE_OPERATIONS ?? OPERATIONS[name as keyof typeof OPERATIONS]);

  it('say after every operation what adding up all of the past says', async () => {
    process.stdout.write(`limits on ${name}: seed ${SEED}\n`);
    const luck = luckOf(SEED);
    const below = (count: number) => Math.trunc(luck() * count);
    const pick = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
    const oracle = new Oracle();
    const counts: Record<string, number> = {};
    let nowMs = 1_760_000_000_000;
    let rules = 0;

    const someDebits = (most: number, path = pick(PATHS) ?? []): BucketDebits =>
      new Map(path.map((bucket) => [bucket, BigInt(1 + below(most)) * unitOf(bucket)]));

    const addRule = async () => {
      const bucket = pick(BUCKETS) ?? '';
      const ruleId = `r_${String(rules++).padStart(6, '0')}`;
      const windowMs = pick(WINDOWS_MS) ?? 60_000;
      const max = BigInt(5_000 + below(windowMs > 3_600_000 ? 600_000 : 60_000)) * unitOf(bucket);
      const rule: SpendRule = {
        ruleId,
        bucket,
        windowMs,
        max,
        said: `${bucket}:${windowMs}:${max}`,
        origin: 'command',
      };
      oracle.rules.push(rule);
      await spend.addRule(rule, nowMs);
    };

    const reserve = async (number: number) => {
      const debits = someDebits(1200);
      const repeated = luck() < 0.03 ? pick([...oracle.payments.keys()]) : undefined;
      const opId = repeated ?? `op${number}`;
      const requestHash = repeated && luck() < 0.5 ? 'another' : `hash of ${opId}`;
      const reservation = { opId, requestHash, debits, nowMs };
      const expected = oracle.reserve(reservation);
      same(await spend.reserve(reservation), expected);
      counts[expected.result] = (counts[expected.result] ?? 0) + 1;
    };

    const moveOrSettle = async () => {
      const isLate = luck() < 0.05;
      const payment = pick([...(isLate ? oracle.payments : oracle.open).values()]);
      if (!payment) return;
      const { opId } = payment;
      const path = [...payment.debits.keys()];
      if (luck() < 0.4) {
        const [from, to] = luck() < 0.5 ? (['reserved', 'dispatched'] as const) : (['dispatched', 'unknown'] as const);
        same(await spend.move(opId, from, to), oracle.move(opId, from, to));
        return;
      }
      const outcome = luck() < 0.6 ? 'sent' : 'not_sent';
      const burned = luck() < 0.2 ? someDebits(30, path) : new Map<string, bigint>();
      const left = luck() < 0.6 ? payment.debits : someDebits(1500, path);
      const debits = outcome === 'sent' ? left : burned;
      const settlement = { opId, outcome, debits, nowMs } as const;
      const expected = oracle.settle(settlement);
      same(await spend.settle(settlement), expected);
      const result = expected === 'ok' ? outcome : expected;
      counts[result] = (counts[result] ?? 0) + 1;
    };

    for (let number = 0; number < operations; number += 1) {
      const jump = luck();
      // The clock is set back now and then, and jumps ahead.
      nowMs += jump < 0.02 ? -below(3_600_000) : below(jump < 0.05 ? 3_600_000 : 20_000);
      const what = luck();
      if (oracle.rules.length < 3 || (what < 0.01 && oracle.rules.length < MOST_RULES)) await addRule();
      else if (what < 0.02) {
        const [removed] = oracle.rules.splice(below(oracle.rules.length), 1);
        same(await spend.removeRule(removed?.ruleId ?? ''), true);
      } else if (what < 0.5) await reserve(number);
      else await moveOrSettle();
      if (number % 500 > 0) continue;
      for (const status of await spend.status(nowMs)) same(status.spent, oracle.spent(status, nowMs));
      oracle.forget(86_400_000);
      await pruneSpend(store.db, 86_400_000);
    }
    process.stdout.write(`limits on ${name}: ${operations} operations: ${JSON.stringify(counts)}\n`);
    expect(counts.limit_exceeded).toBeGreaterThan(0);
  }, 600_000);
});
