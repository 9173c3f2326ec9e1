import { PayError } from '@caravel/pay-protocol';
import type { OutputOf } from '@caravel/pay-protocol';
import type { CoreDeps, PayCall } from '../pay-call.js';
import { approvalRows } from './approval-rows.js';

/**
 * Permits or refuses what waits under an id. Whoever may decide: this machine, or a key with the role `approver` that did not ask
 * for it. An approval is good for ten minutes, and no longer than it would have waited.
 */
export async function decide(
  { db, clock, log }: Pick<CoreDeps, 'db' | 'clock' | 'log'>,
  state: 'approved' | 'denied',
  { input: { id, request_id }, call: { caller } }: { input: { id: string; request_id: string }; call: PayCall },
): Promise<OutputOf<'approval'>> {
  if (!caller.isLocal && caller.role !== 'approver')
    throw new PayError('permission_denied', 'this key may not approve');
  const nowMs = clock.now().getTime();
  const waiting = await approvalRows.waiting(db, request_id, nowMs);
  const mine = waiting.filter(({ keyName }) => caller.isLocal || keyName !== caller.keyName);
  const [row, another] = mine;
  if (!row) {
    if (waiting.length > 0) throw new PayError('permission_denied', 'a key may not approve what it asked for');
    throw new PayError('invalid_argument', 'nothing waits for an approval under this id');
  }
  if (another) throw new PayError('invalid_argument', 'several keys wait for an approval under this id');
  const expiresAtMs = state === 'approved' ? Math.min(row.expiresAtMs, nowMs + APPROVED_MS) : row.expiresAtMs;
  const isApproved = row.state === 'approved' && state === 'approved';
  if (!isApproved && !(await approvalRows.decide(db, row, { state, by: caller.keyName, nowMs, expiresAtMs }))) {
    throw new PayError('invalid_argument', 'nothing waits for an approval under this id');
  }
  log.info({ audit: 'approval', state, by: caller.keyName, keyName: row.keyName, requestId: request_id }, 'decided');
  return {
    code: 'approval',
    id,
    request_id,
    state,
    ...(state === 'approved' && {
      expires_at_epoch_s: Math.floor((isApproved ? row.expiresAtMs : expiresAtMs) / 1000),
    }),
  };
}

const APPROVED_MS = 600_000;
