import type { CoreDeps } from '../pay-call.js';

/** Forgets, a thousand at a time, receipts of more than 400 days ago that nobody waits for; true when there is more. */
export async function pruneReceives({ db, clock }: Pick<CoreDeps, 'db' | 'clock'>): Promise<boolean> {
  const forgotten = await db.query(FORGET, [clock.now().getTime() - KEPT_MS]);
  return forgotten.length === BATCH;
}

/** As long as the answers of requests are kept. */
const KEPT_MS = 400 * 86_400_000;
const BATCH = 1000;
const FORGET = `DELETE FROM pay_receives WHERE (key_name, request_id) IN
  (SELECT key_name, request_id FROM pay_receives WHERE created_at_ms < $1 AND state <> 'waiting' LIMIT ${BATCH})
  RETURNING request_id`;
