import { bucketDebits } from '@caravel/pay-limits';
import type { SpendRule } from '@caravel/pay-limits';
import type { PayDb } from '@caravel/pay-store';

const DAY_MS = 86_400_000;

/** What every payment here takes: 1,000 sats on Lightning, with the dollars they are worth. */
export const AMOUNT = 1_000n;
export const USD_MICROS = 613_000n;
export const DEBITS = bucketDebits([
  { network: 'ln', walletId: 'w_1', unit: 'sats', amount: AMOUNT, usdMicros: USD_MICROS },
]);

/** Four that every payment meets, so wide that none refuses one. */
export const RULES: readonly SpendRule[] = ['wallet/w_1/sats', 'network/ln/sats', 'network/ln/usd', 'all/usd'].map(
  (bucket, index) => ({
    ...{ ruleId: `r_${index}`, bucket, windowMs: DAY_MS, max: 10n ** 30n, said: bucket },
    origin: 'command',
  }),
);

/** Payments that all left within the window, as our books have them, by statements that both kinds of store know. */
export async function writeHistory(db: PayDb, { rows, nowMs }: { rows: number; nowMs: number }): Promise<void> {
  const fromMs = nowMs - DAY_MS / 2;
  await db.query(RESERVATIONS, [rows, fromMs]);
  for (const [bucket, amount] of DEBITS) {
    await db.query(EVENTS, [rows, bucket, fromMs, amount]);
    await db.query(BUCKET, [bucket, amount * BigInt(rows), fromMs + rows]);
  }
  await db.query('ANALYZE');
}

const NUMBERS = `WITH RECURSIVE numbers (n) AS
  (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < CAST($1 AS integer))`;
const RESERVATIONS = `INSERT INTO spend_reservations (op_id, request_hash, state, created_at_ms, finished_at_ms)
  ${NUMBERS} SELECT 'old' || n, 'h', 'sent', CAST($2 AS bigint) + n, CAST($2 AS bigint) + n FROM numbers`;
const EVENTS = `INSERT INTO spend_events (bucket, at_ms, event_seq, op_id, amount, total_after)
  ${NUMBERS} SELECT $2, CAST($3 AS bigint) + n, 1, 'old' || n, CAST($4 AS numeric), n * CAST($4 AS numeric) FROM numbers`;
const BUCKET = 'INSERT INTO spend_buckets (bucket, held, total, last_at_ms) VALUES ($1, 0, $2, $3)';
