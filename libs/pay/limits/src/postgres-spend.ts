import type { PayDb } from '@caravel/pay-store';
import { digitsOf, toRule, toState, toStatus } from './spend-rows.js';
import type { BucketDebits, ReserveResult, Spend } from './spend.js';

/** On PostgreSQL each is one statement: a function that takes the advisory lock, then reads and writes. */
export function postgresSpend(db: PayDb): Pick<Spend, 'status' | 'reserve' | 'settle'> {
  return {
    status: async (nowMs, buckets) => {
      const rows = await db.query('SELECT * FROM spend_status($1, $2)', [nowMs, buckets ?? null]);
      return rows.map(toStatus);
    },
    reserve: async ({ opId, requestHash, debits, nowMs, state = 'reserved' }) => {
      const sql = 'SELECT * FROM spend_reserve($1, $2, $3, $4, $5::numeric[], $6)';
      const params = [opId, requestHash, state, ...columnsOf(debits), nowMs];
      const [row = {}] = await db.query(sql, params);
      return toResult(row);
    },
    settle: async ({ opId, outcome, debits, nowMs }) => {
      const sql = 'SELECT spend_settle($1, $2, $3, $4::numeric[], $5) AS result';
      const [row] = await db.query(sql, [opId, outcome, ...columnsOf(debits), nowMs]);
      return row?.result === 'already' ? 'already' : 'ok';
    },
  };
}

const columnsOf = (debits: BucketDebits): [string[], string[]] => [
  [...debits.keys()],
  [...debits.values()].map(String),
];

function toResult(row: Record<string, unknown>): ReserveResult {
  switch (row.result) {
    case 'ok':
      return { result: 'ok' };
    case 'exists':
      return { result: 'exists', state: toState(row) };
    case 'limit_exceeded':
      return {
        result: 'limit_exceeded',
        rule: toRule(row),
        spent: digitsOf(row.spent),
        remainingMs: Number(row.remaining_ms),
      };
    default:
      return { result: 'conflict' };
  }
}
