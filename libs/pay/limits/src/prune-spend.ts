import type { PayDb } from '@caravel/pay-store';

/**
 * Forgets what left before any window, a thousand events of each bucket at a time; true when there is more. Kept are the longest
 * window of the rules that stand, or `keptMs` if that is longer, and the newest event before it, which carries the total until
 * then. It asks the last event of a bucket and not the clock, which may be set back. A rule that is added later, with a window
 * longer than what was kept, counts all that ever left: stricter than it says, never looser.
 */
export async function pruneSpend(db: PayDb, keptMs: number = KEPT_MS): Promise<boolean> {
  const [longest] = await db.query('SELECT max(window_ms) AS window_ms FROM spend_rules');
  const reachMs = Math.max(keptMs, Number(longest?.window_ms ?? 0));
  let isMore = false;
  for (const { bucket, at_ms: newestMs } of await db.query(NEWEST_OUT_OF_REACH, [reachMs])) {
    const [last] = await db.query(LAST_OF_BATCH, [String(bucket), Number(newestMs)]);
    await db.query(FORGET, [String(bucket), last ? Number(last.at_ms) : Number(newestMs)]);
    isMore ||= last !== undefined;
  }
  return isMore;
}

/** As long as answers are kept, so that a rule for the past year may be added at any time. */
const KEPT_MS = 400 * 86_400_000;
const BATCH = 1000;

const NEWEST_OUT_OF_REACH = `SELECT b.bucket, (SELECT max(e.at_ms) FROM spend_events e
    WHERE e.bucket = b.bucket AND e.at_ms <= b.last_at_ms - $1) AS at_ms
  FROM spend_buckets b WHERE EXISTS (SELECT 1 FROM spend_events o WHERE o.bucket = b.bucket AND o.at_ms <= b.last_at_ms - $1)`;
const LAST_OF_BATCH = `SELECT at_ms FROM spend_events WHERE bucket = $1 AND at_ms < $2
  ORDER BY at_ms LIMIT 1 OFFSET ${BATCH}`;
// Of several in one millisecond all stay: together they carry the total.
const FORGET = 'DELETE FROM spend_events WHERE bucket = $1 AND at_ms < $2';
