import { amountSchema, parseJson, stringifyJson } from '@caravel/pay-protocol';
import type { PayRow, PayTx } from '@caravel/pay-store';
import { z } from 'zod';
import type { RequestKey } from '../requests/request-key.js';

/** What an approval permits: this amount, with at most this fee. */
export const askedSchema = z.object({ amount: amountSchema, feeBound: amountSchema });
export type Asked = z.output<typeof askedSchema>;

export interface ApprovalRow extends RequestKey {
  requestHash: string;
  state: 'pending' | 'approved' | 'denied' | 'used';
  asked: Asked;
  expiresAtMs: number;
}

export const APPROVALS_PER_KEY = 20;

/** Statements over pay_approvals. A row is open while it has a slot. */
export const approvalRows = {
  find: async (tx: PayTx, { keyName, requestId }: RequestKey): Promise<ApprovalRow | undefined> =>
    (await tx.query(FIND, [keyName, requestId])).map(toRow)[0],
  /** Those that wait for a decision under an id, whatever key asked. */
  waiting: async (tx: PayTx, requestId: string, nowMs: number): Promise<ApprovalRow[]> =>
    (await tx.query(WAITING, [requestId, nowMs])).map(toRow),
  /** Asks, or asks afresh; false when the key has as many open ones as it may. */
  ask: async (tx: PayTx, key: RequestKey, about: NewApproval): Promise<boolean> => {
    const { keyName, requestId } = key;
    const params = [about.requestHash, stringifyJson(about.asked), about.ruleId, about.nowMs, about.expiresAtMs];
    const again = await tx.query(ASK_AGAIN, [keyName, requestId, ...params]);
    if (again.length > 0) return true;
    await tx.query(FREE_LAPSED, [keyName, about.nowMs]);
    for (let turn = 0; turn <= APPROVALS_PER_KEY; turn += 1) {
      const taken = new Set((await tx.query(SLOTS, [keyName])).map(({ slot }) => Number(slot)));
      const slot = SLOT_NUMBERS.find((number) => !taken.has(number));
      if (slot === undefined) return false;
      if (await takesSlot(tx, [keyName, requestId, ...params, slot])) return true;
    }
    return false;
  },
  decide: async (tx: PayTx, key: RequestKey, decision: Decision): Promise<boolean> => {
    const { state, by, nowMs, expiresAtMs } = decision;
    const params = [key.keyName, key.requestId, state, by, nowMs, expiresAtMs];
    return (await tx.query(state === 'approved' ? APPROVE : DENY, params)).length > 0;
  },
  used: (tx: PayTx, { keyName, requestId }: RequestKey): Promise<PayRow[]> => tx.query(USED, [keyName, requestId]),
};

/** False when somebody else was faster. */
async function takesSlot(tx: PayTx, params: Parameters<PayTx['query']>[1]): Promise<boolean> {
  try {
    return (await tx.query(ASK, params)).length > 0;
  } catch (error) {
    const code = z.object({ code: z.string() }).safeParse(error).data?.code;
    if (code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}
/** Of PostgreSQL; on SQLite one statement writes at a time, and sees the slot. */
const UNIQUE_VIOLATION = '23505';

function toRow(row: PayRow): ApprovalRow {
  const { key_name: keyName, request_id: requestId, request_hash: requestHash, ...rest } = rowSchema.parse(row);
  const asked = askedSchema.parse(parseJson(rest.asked));
  return { keyName, requestId, requestHash, state: rest.state, asked, expiresAtMs: rest.expires_at_ms };
}
const rowSchema = z.object({
  key_name: z.string(),
  request_id: z.string(),
  request_hash: z.string(),
  state: z.enum(['pending', 'approved', 'denied', 'used']),
  asked: z.string(),
  expires_at_ms: z.number(),
});

const SLOT_NUMBERS = Array.from({ length: APPROVALS_PER_KEY }, (_, index) => index + 1);
const COLUMNS = 'key_name, request_id, request_hash, state, asked, expires_at_ms';
const FIND = `SELECT ${COLUMNS} FROM pay_approvals WHERE key_name = $1 AND request_id = $2`;
const WAITING = `SELECT ${COLUMNS} FROM pay_approvals
  WHERE request_id = $1 AND expires_at_ms > $2 AND state IN ('pending', 'approved') ORDER BY key_name LIMIT 3`;
const ASK_AGAIN = `UPDATE pay_approvals SET request_hash = $3, asked = $4, rule_id = $5, requested_at_ms = $6, expires_at_ms = $7,
  state = 'pending', decided_by = NULL, decided_at_ms = NULL
  WHERE key_name = $1 AND request_id = $2 AND slot IS NOT NULL RETURNING slot`;
const FREE_LAPSED =
  'UPDATE pay_approvals SET slot = NULL WHERE key_name = $1 AND slot IS NOT NULL AND expires_at_ms <= $2';
const SLOTS = 'SELECT slot FROM pay_approvals WHERE key_name = $1 AND slot IS NOT NULL';
const ASK = `INSERT INTO pay_approvals AS a
  (key_name, request_id, request_hash, asked, rule_id, requested_at_ms, expires_at_ms, slot, state)
  SELECT $1, $2, $3, $4, $5, CAST($6 AS bigint), CAST($7 AS bigint), CAST($8 AS bigint), 'pending'
  WHERE NOT EXISTS (SELECT 1 FROM pay_approvals o WHERE o.key_name = $1 AND o.slot = $8)
  ON CONFLICT (key_name, request_id) DO UPDATE SET request_hash = excluded.request_hash, asked = excluded.asked,
    rule_id = excluded.rule_id, requested_at_ms = excluded.requested_at_ms, expires_at_ms = excluded.expires_at_ms,
    slot = excluded.slot, state = 'pending', decided_by = NULL, decided_at_ms = NULL
  RETURNING slot`;
const APPROVE = `UPDATE pay_approvals SET state = $3, decided_by = $4, decided_at_ms = $5, expires_at_ms = $6
  WHERE key_name = $1 AND request_id = $2 AND state = 'pending' AND expires_at_ms > $5 RETURNING slot`;
const DENY = `UPDATE pay_approvals SET state = $3, decided_by = $4, decided_at_ms = $5, expires_at_ms = $6, slot = NULL
  WHERE key_name = $1 AND request_id = $2 AND state IN ('pending', 'approved') AND expires_at_ms > $5 RETURNING request_id`;
const USED = `UPDATE pay_approvals SET state = 'used', slot = NULL
  WHERE key_name = $1 AND request_id = $2 AND state = 'approved' RETURNING request_id`;

interface NewApproval {
  requestHash: string;
  asked: Asked;
  ruleId: string;
  nowMs: number;
  expiresAtMs: number;
}

interface Decision {
  state: 'approved' | 'denied';
  by: string;
  nowMs: number;
  expiresAtMs: number;
}
