import type { SpendRule } from '@caravel/pay-limits';
import type { PayDb } from '@caravel/pay-store';

/**
 * Makes the rules that came from config.toml what it says now, in one transaction; those that were added by command stay. What
 * was spent stays known, so a rule that comes back counts it.
 */
export async function keepRules(db: PayDb, rules: readonly SpendRule[], nowMs: number): Promise<void> {
  const kept = new Set((await db.query(KEPT)).map(({ rule_id }) => String(rule_id)));
  if (kept.size === rules.length && rules.every(({ ruleId }) => kept.has(ruleId))) return;
  await db.transaction(async (tx) => {
    const wanted = new Set(rules.map(({ ruleId }) => ruleId));
    for (const { rule_id } of await tx.query(KEPT)) {
      if (!wanted.has(String(rule_id))) await tx.query(REMOVE, [String(rule_id)]);
    }
    for (const { ruleId, bucket, windowMs, max, said, origin } of rules) {
      await tx.query(ADD, [ruleId, bucket, windowMs, max, said, origin, nowMs]);
    }
  });
}

const KEPT = "SELECT rule_id FROM spend_rules WHERE origin <> 'command'";
const REMOVE = "DELETE FROM spend_rules WHERE rule_id = $1 AND origin <> 'command'";
const ADD = `INSERT INTO spend_rules (rule_id, bucket, window_ms, max_spend, said, origin, created_at_ms)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (rule_id) DO NOTHING`;
