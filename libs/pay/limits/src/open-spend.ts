import type { PayDb, PayTx } from '@caravel/pay-store';
import { postgresSpend } from './postgres-spend.js';
import type { Spend, SpendRule } from './spend.js';
import { sqliteSpend } from './sqlite-spend.js';

/** The books of a node, in its store. */
export function openSpend(db: PayDb): Spend {
  return {
    ...(db.dialect === 'postgres' ? postgresSpend(db) : sqliteSpend(db)),
    addRule: (rule, nowMs) => addRule(db, rule, nowMs),
    replaceRules: (rules, nowMs) =>
      db.transaction(async (tx) => {
        await tx.query(`DELETE FROM spend_rules WHERE origin = 'command'`);
        for (const rule of rules) await addRule(tx, rule, nowMs);
      }),
    removeRule: async (ruleId) => (await db.query(REMOVE_RULE, [ruleId])).length > 0,
    move: async (opId, from, to) => {
      if ((from === 'reserved') !== (to === 'dispatched')) {
        throw new TypeError(`a payment never moves from ${from} to ${to}`);
      }
      return (await db.query(MOVE, [opId, from, to])).length > 0;
    },
  };
}

async function addRule(tx: PayTx, rule: SpendRule, nowMs: number): Promise<void> {
  const { ruleId, bucket, windowMs, max, said, origin } = rule;
  await tx.query(ADD_RULE, [ruleId, bucket, windowMs, max, said, origin, nowMs]);
}

const ADD_RULE = `INSERT INTO spend_rules (rule_id, bucket, window_ms, max_spend, said, origin, created_at_ms)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const REMOVE_RULE = `DELETE FROM spend_rules WHERE rule_id = $1 AND origin = 'command' RETURNING rule_id`;
const MOVE = `UPDATE spend_reservations SET state = $3 WHERE op_id = $1 AND state = $2 RETURNING op_id`;
