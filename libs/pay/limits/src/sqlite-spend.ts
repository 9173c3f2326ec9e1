import type { PayDb, PayTx } from '@caravel/pay-store';
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
  const broken = await firstBroken(tx, debits, nowMs);
  if (broken) return broken;

  await tx.query(ADD_RESERVATION, [opId, requestHash, state ?? 'reserved', nowMs]);
  for (const [name, amount] of debits) {
    await tx.query('INSERT INTO spend_holds (op_id, bucket, amount) VALUES ($1, $2, $3)', [opId, name, amount]);
    const bucket = await readBucket(tx, name);
    await writeBucket(tx, name, { ...bucket, held: bucket.held + amount });
  }
  return { result: 'ok' };
}

async function firstBroken(
  tx: PayTx,
  debits: Reservation['debits'],
  nowMs: number,
): Promise<Extract<ReserveResult, { result: 'limit_exceeded' }> | undefined> {
  const rules: SpendRule[] = [];
  for (const bucket of debits.keys())
    rules.push(...(await tx.query(`${RULES} WHERE bucket = $1`, [bucket])).map(toRule));
  for (const rule of rules.sort((one, other) => (one.ruleId < other.ruleId ? -1 : 1))) {
    const { spent, oldestAtMs } = await statusOf(tx, rule, nowMs);
    if (spent + (debits.get(rule.bucket) ?? 0n) <= rule.max) continue;
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

  for (const { bucket: name, amount } of await tx.query('SELECT bucket, amount FROM spend_holds WHERE op_id = $1', [
    opId,
  ])) {
    const bucket = await readBucket(tx, String(name));
    await writeBucket(tx, String(name), { ...bucket, held: bucket.held - digitsOf(amount) });
  }
  await tx.query('DELETE FROM spend_holds WHERE op_id = $1', [opId]);
  for (const [name, amount] of debits) await record(tx, { opId, name, amount, nowMs });
  await tx.query('UPDATE spend_reservations SET state = $2, finished_at_ms = $3 WHERE op_id = $1', [
    opId,
    outcome,
    nowMs,
  ]);
  return 'ok';
}

/** What was recorded for the payment before, a fee that burned, is not recorded twice. */
async function record(
  tx: PayTx,
  { opId, name, amount, nowMs }: { opId: string; name: string; amount: bigint; nowMs: number },
): Promise<void> {
  const before = await tx.query('SELECT amount FROM spend_events WHERE op_id = $1 AND bucket = $2', [opId, name]);
  const news = before.reduce((left, row) => left - digitsOf(row.amount), amount);
  if (news <= 0n) return;
  const bucket = await readBucket(tx, name);
  const total = bucket.total + news;
  const lastAtMs = Math.max(nowMs, bucket.lastAtMs);
  await writeBucket(tx, name, { ...bucket, total, lastAtMs });
  await tx.query(ADD_EVENT, [name, lastAtMs, opId, news, total]);
}

async function statusOf(tx: PayTx, rule: SpendRule, nowMs: number): Promise<RuleStatus> {
  const { held, total, lastAtMs } = await readBucket(tx, rule.bucket);
  const edgeMs = Math.max(nowMs, lastAtMs) - rule.windowMs;
  const [before] = await tx.query(TOTAL_BEFORE, [rule.bucket, edgeMs]);
  const [oldest] = await tx.query(OLDEST_AFTER, [rule.bucket, edgeMs]);
  const spent = held + total - digitsOf(before?.total_after);
  return { ...rule, spent, oldestAtMs: oldest ? Number(oldest.at_ms) : null };
}

async function readBucket(tx: PayTx, name: string): Promise<Bucket> {
  const [row] = await tx.query('SELECT held, total, last_at_ms FROM spend_buckets WHERE bucket = $1', [name]);
  if (!row) return { held: 0n, total: 0n, lastAtMs: 0 };
  return { held: digitsOf(row.held), total: digitsOf(row.total), lastAtMs: Number(row.last_at_ms) };
}

const writeBucket = (tx: PayTx, name: string, { held, total, lastAtMs }: Bucket) =>
  tx.query(WRITE_BUCKET, [name, held, total, lastAtMs]);

async function inOrder<From, To>(list: readonly From[], work: (from: From) => Promise<To>): Promise<To[]> {
  const results: To[] = [];
  for (const from of list) results.push(await work(from));
  return results;
}

const RULES = 'SELECT rule_id, bucket, window_ms, max_spend, said, origin FROM spend_rules';
const RESERVATION = 'SELECT request_hash, state FROM spend_reservations WHERE op_id = $1';
const ADD_RESERVATION = `INSERT INTO spend_reservations (op_id, request_hash, state, created_at_ms) VALUES ($1, $2, $3, $4)`;
const TOTAL_BEFORE = `SELECT total_after FROM spend_events WHERE bucket = $1 AND at_ms <= $2
  ORDER BY at_ms DESC, event_seq DESC LIMIT 1`;
const OLDEST_AFTER = `SELECT at_ms FROM spend_events WHERE bucket = $1 AND at_ms > $2 ORDER BY at_ms, event_seq LIMIT 1`;
const WRITE_BUCKET = `INSERT INTO spend_buckets (bucket, held, total, last_at_ms) VALUES ($1, $2, $3, $4)
  ON CONFLICT (bucket) DO UPDATE SET held = excluded.held, total = excluded.total, last_at_ms = excluded.last_at_ms`;
const ADD_EVENT = `INSERT INTO spend_events (bucket, at_ms, event_seq, op_id, amount, total_after) VALUES ($1, $2,
  (SELECT coalesce(max(event_seq), 0) + 1 FROM spend_events WHERE bucket = $1 AND at_ms = $2), $3, $4, $5)`;

interface Bucket {
  held: bigint;
  total: bigint;
  lastAtMs: number;
}
