import type { CoreDeps } from '../pay-call.js';

/**
 * Forgets what was answered more than 400 days ago, a thousand requests at a time; true when there is more. Of payments their
 * secrets go, and what keeps an invoice from being paid twice stays.
 */
export async function pruneRequests({ db, clock }: Pick<CoreDeps, 'db' | 'clock'>): Promise<boolean> {
  const beforeMs = clock.now().getTime() - KEPT_MS;
  const requests = await db.query(FORGET_REQUESTS, [beforeMs]);
  const payments = await db.query(FORGET_SECRETS, [beforeMs]);
  const approvals = await db.query(FORGET_APPROVALS, [beforeMs]);
  return Math.max(requests.length, payments.length, approvals.length) === BATCH;
}

const KEPT_MS = 400 * 86_400_000;
const BATCH = 1000;
const FORGET_REQUESTS = `DELETE FROM pay_requests WHERE (key_name, request_id) IN
  (SELECT key_name, request_id FROM pay_requests WHERE updated_at_ms < $1 AND state <> 'running' LIMIT ${BATCH})
  RETURNING attempt`;
const FORGET_SECRETS = `UPDATE pay_payments SET details = NULL, artefact = NULL, outcome = NULL WHERE op_id IN
  (SELECT op_id FROM pay_payments WHERE finished_at_ms < $1 AND details IS NOT NULL LIMIT ${BATCH}) RETURNING attempt`;
const FORGET_APPROVALS = `DELETE FROM pay_approvals WHERE (key_name, request_id) IN
  (SELECT key_name, request_id FROM pay_approvals WHERE requested_at_ms < $1 LIMIT ${BATCH}) RETURNING slot`;
