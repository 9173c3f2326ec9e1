import type { PayDb, PayTx, PayValue } from '@caravel/pay-store';
import { digitsOf, toRule, toState } from './spend-rows.js';
import type { Reservation, ReserveResult, RuleStatus, Settlement, Spend, SpendRule } from './spend.js';

/** The twin of 002-spend-functions.postgres.sql: one writer at a time by BEGIN IMMEDIATE, the arithmetic in bigints over text. */
export function sqliteSpend(db: PayDb): Pick<Spend, 'status' | 'reserve' | 'settle'> {
  return {
    status: (nowMs, buckets) =>
      db.transaction(async (tx) => {
        const rules = (await tx.query(`${RULES} ORDER BY rule_id`)).map(toRule);
        const wanted = rules.filter(({ bucket }) => !buckets || buckets.includes(bucket));
        return inOrder(wanted, (rule) => statusOf(tx, rule, nowMs));
      }),
    reserve: (reservation) => db.transaction((tx) => reserve(tx, reservation)),
    settle: (settlement) => db.transaction((tx) => settle(tx, settlement)),
  };
}

async function reserve(tx: PayTx, { opId, requestHash, debits, nowMs, state }: Reservation): Promise<ReserveResult> {
  const [known] = await tx.query(RESERVATION, [opId]);
  if (known) {
    return known.request_hash === requestHash ? { result: 'exists', state: toState(known) } : { result: 'conflict' };
  }
  const buckets = await readBuckets(tx, [...debits.keys()]);
  const broken = await firstBroken(tx, { debits, buckets, nowMs });
  if (broken) return broken;

  await tx.query(ADD_RESERVATION, [opId, requestHash, state ?? 'reserved', nowMs]);
  const holds = [...debits].map(([bucket, amount]) => [opId, bucket, amount]);
  await insert(tx, holds, (values) => `INSERT INTO spend_holds (op_id, bucket, amount) VALUES ${values}`);
  for (const [name, amount] of debits) bucketIn(buckets, name).held += amount;
  await writeBuckets(tx, buckets);
  return { result: 'ok' };
}

async function firstBroken(
  tx: PayTx,
  { debits, buckets, nowMs }: Pick<Reservation, 'debits' | 'nowMs'> & { buckets: Buckets },
): Promise<Extract<ReserveResult, { result: 'limit_exceeded' }> | undefined> {
  const names = [...debits.keys()];
  const rules = (await tx.query(`${RULES} WHERE bucket IN (${places(names)})`, names)).map(toRule);
  for (const rule of rules.sort((one, other) => (one.ruleId < other.ruleId ? -1 : 1))) {
    const bucket = bucketIn(buckets, rule.bucket);
    const spent = await spentOf(tx, rule, { bucket, nowMs });
    if (spent + (debits.get(rule.bucket) ?? 0n) <= rule.max) continue;
    const oldestAtMs = await oldestOf(tx, rule, { bucket, nowMs });
    const remainingMs = oldestAtMs === null ? 0 : Math.max(oldestAtMs + rule.windowMs - nowMs, 0);
    return { result: 'limit_exceeded', rule, spent, remainingMs };
  }
  return undefined;
}

async function settle(tx: PayTx, { opId, outcome, debits, nowMs }: Settlement): Promise<'ok' | 'already'> {
  const [known] = await tx.query(RESERVATION, [opId]);
  if (!known) throw new Error(`no reservation ${opId}`);
  const state = toState(known);
  if (state === 'sent' || (state === 'not_sent' && outcome === 'not_sent')) return 'already';

  const held = await amountsOf(tx, HOLDS, opId);
  const buckets = await readBuckets(tx, [...new Set([...held.keys(), ...debits.keys()])]);
  for (const [name, amount] of held) bucketIn(buckets, name).held -= amount;
  const events = await eventsOf(tx, { opId, debits, nowMs, buckets });
  await tx.query('DELETE FROM spend_holds WHERE op_id = $1', [opId]);
  await writeBuckets(tx, buckets);
  for (const event of events) await tx.query(ADD_EVENT, event);
  await tx.query(FINISH, [opId, outcome, nowMs]);
  return 'ok';
}

/** What is new in each bucket: what was recorded for the payment before, a fee that burned, is not recorded twice. */
async function eventsOf(
  tx: PayTx,
  { opId, debits, nowMs, buckets }: Omit<Settlement, 'outcome'> & { buckets: Buckets },
): Promise<PayValue[][]> {
  const before = await amountsOf(tx, RECORDED, opId);
  return [...debits].flatMap(([name, amount]) => {
    const news = amount - (before.get(name) ?? 0n);
    if (news <= 0n) return [];
    const bucket = bucketIn(buckets, name);
    bucket.total += news;
    bucket.lastAtMs = Math.max(nowMs, bucket.lastAtMs);
    return [[name, bucket.lastAtMs, opId, news, bucket.total]];
  });
}

async function statusOf(tx: PayTx, rule: SpendRule, nowMs: number): Promise<RuleStatus> {
  const at = { bucket: bucketIn(await readBuckets(tx, [rule.bucket]), rule.bucket), nowMs };
  return { ...rule, spent: await spentOf(tx, rule, at), oldestAtMs: await oldestOf(tx, rule, at) };
}

async function spentOf(tx: PayTx, rule: SpendRule, { bucket, nowMs }: BucketAt): Promise<bigint> {
  const [before] = await tx.query(TOTAL_BEFORE, [rule.bucket, edgeMs(rule, { bucket, nowMs })]);
  return bucket.held + bucket.total - digitsOf(before?.total_after);
}

async function oldestOf(tx: PayTx, rule: SpendRule, at: BucketAt): Promise<number | null> {
  const [oldest] = await tx.query(OLDEST_AFTER, [rule.bucket, edgeMs(rule, at)]);
  return oldest ? Number(oldest.at_ms) : null;
}

const edgeMs = ({ windowMs }: SpendRule, { bucket, nowMs }: BucketAt): number =>
  Math.max(nowMs, bucket.lastAtMs) - windowMs;

/** By bucket, added up here: SQLite's own sums are floating point beyond 64 bits. */
async function amountsOf(tx: PayTx, sql: string, opId: string): Promise<Map<string, bigint>> {
  const sums = new Map<string, bigint>();
  for (const { bucket, amount } of await tx.query(sql, [opId])) {
    sums.set(String(bucket), (sums.get(String(bucket)) ?? 0n) + digitsOf(amount));
  }
  return sums;
}

async function readBuckets(tx: PayTx, names: readonly string[]): Promise<Buckets> {
  const buckets: Buckets = new Map(names.map((name) => [name, { held: 0n, total: 0n, lastAtMs: 0 }]));
  for (const row of await tx.query(`${BUCKETS} WHERE bucket IN (${places(names)})`, names)) {
    const { held, total, last_at_ms: lastAtMs } = row;
    buckets.set(String(row.bucket), { held: digitsOf(held), total: digitsOf(total), lastAtMs: Number(lastAtMs) });
  }
  return buckets;
}

async function writeBuckets(tx: PayTx, buckets: Buckets): Promise<void> {
  const rows = [...buckets].map(([name, { held, total, lastAtMs }]) => [name, held, total, lastAtMs]);
  await insert(
    tx,
    rows,
    (values) => `INSERT INTO spend_buckets (bucket, held, total, last_at_ms) VALUES ${values}
    ON CONFLICT (bucket) DO UPDATE
      SET held = excluded.held, total = excluded.total, last_at_ms = excluded.last_at_ms`,
  );
}

function bucketIn(buckets: Buckets, name: string): Bucket {
  const bucket = buckets.get(name);
  if (!bucket) throw new Error(`bucket ${name} was not read`);
  return bucket;
}

/** All rows by one statement. */
async function insert(tx: PayTx, rows: readonly PayValue[][], toSql: (values: string) => string): Promise<void> {
  if (rows.length === 0) return;
  let before = 0;
  const values = rows.map((row) => {
    const list = places(row, before);
    before += row.length;
    return `(${list})`;
  });
  await tx.query(toSql(values.join(', ')), rows.flat());
}

/** `$1, $2, …` for each of a list. */
const places = (list: readonly unknown[], before = 0): string =>
  list.map((_, index) => `$${before + index + 1}`).join(', ');

async function inOrder<From, To>(list: readonly From[], work: (from: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  for (const from of list) results.push(await work(from));
  return results;
}

const RULES = 'SELECT rule_id, bucket, window_ms, max_spend, said, origin FROM spend_rules';
const BUCKETS = 'SELECT bucket, held, total, last_at_ms FROM spend_buckets';
const HOLDS = 'SELECT bucket, amount FROM spend_holds WHERE op_id = $1';
const RECORDED = 'SELECT bucket, amount FROM spend_events WHERE op_id = $1';
const RESERVATION = 'SELECT request_hash, state FROM spend_reservations WHERE op_id = $1';
const ADD_RESERVATION = `INSERT INTO spend_reservations (op_id, request_hash, state, created_at_ms) VALUES ($1, $2, $3, $4)`;
const FINISH = 'UPDATE spend_reservations SET state = $2, finished_at_ms = $3 WHERE op_id = $1';
const TOTAL_BEFORE = `SELECT total_after FROM spend_events WHERE bucket = $1 AND at_ms <= $2
  ORDER BY at_ms DESC, event_seq DESC LIMIT 1`;
const OLDEST_AFTER = `SELECT at_ms FROM spend_events WHERE bucket = $1 AND at_ms > $2 ORDER BY at_ms, event_seq LIMIT 1`;
const ADD_EVENT = `INSERT INTO spend_events (bucket, at_ms, event_seq, op_id, amount, total_after) VALUES ($1, $2,
  (SELECT coalesce(max(event_seq), 0) + 1 FROM spend_events WHERE bucket = $1 AND at_ms = $2), $3, $4, $5)`;

type Buckets = Map<string, Bucket>;

interface Bucket {
  held: bigint;
  total: bigint;
  lastAtMs: number;
}

interface BucketAt {
  bucket: Bucket;
  nowMs: number;
}
