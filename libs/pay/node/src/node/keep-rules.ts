import type { SpendRule } from '@caravel/pay-limits';
import type { PayDb } from '@caravel/pay-store';

/**
 * Makes the rules that came from config.toml what it says now, in one transaction; those that were added by command stay. What
 * was spent stays known, so a rule that comes back counts it. `price` makes a new rule count what had no price so far: before,
 * so that nothing is added when there is none, and after, for payments that began in between.
 */
export async function keepRules(
  db: PayDb,
  rules: readonly SpendRule[],
  { nowMs, price, isPartial }: KeepRules,
): Promise<void> {
  const kept = new Set((await db.query(KEPT)).map(({ rule_id }) => String(rule_id)));
  const news = rules.filter(({ ruleId }) => !kept.has(ruleId));
  if (news.length === 0 && (isPartial || kept.size === rules.length)) return;
  for (const rule of news) await price(rule);
  await db.transaction(async (tx) => {
    const wanted = new Set(rules.map(({ ruleId }) => ruleId));
    for (const { rule_id } of await tx.query(KEPT)) {
      if (!isPartial && !wanted.has(String(rule_id))) await tx.query(REMOVE, [String(rule_id)]);
    }
    for (const { ruleId, bucket, windowMs, max, said, origin } of rules) {
      await tx.query(ADD, [ruleId, bucket, windowMs, max, said, origin, nowMs]);
    }
  });
  for (const rule of news) await price(rule);
}

const KEPT = "SELECT rule_id FROM spend_rules WHERE origin <> 'command'";
const REMOVE = "DELETE FROM spend_rules WHERE rule_id = $1 AND origin <> 'command'";
const ADD = `INSERT INTO spend_rules (rule_id, bucket, window_ms, max_spend, said, origin, created_at_ms)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (rule_id) DO NOTHING`;

interface KeepRules {
  nowMs: number;
  /** There may be more that nobody can tell now, so none is taken away. */
  isPartial: boolean;
  price: (rule: SpendRule) => Promise<void>;
}
