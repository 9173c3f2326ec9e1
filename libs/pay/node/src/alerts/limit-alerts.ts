import type { RuleStatus, Spend } from '@caravel/pay-limits';
import type { PayDb, PayTx } from '@caravel/pay-store';
import type { Logger } from '@caravel/service';
import type { Announce } from './webhook-events.js';

/**
 * Tells when a limit is used up to 50, 80 and 100 percent, once for each crossing, whichever process looks first; a percentage
 * can be told again when what is spent has been 5 below it. What is told and that it was told are written together.
 */
export function limitAlerts({ db, spend, announce, nowMs, log }: LimitAlertsDeps): () => Promise<void> {
  return async () => {
    const rules = await spend.status(nowMs());
    const told = new Set(
      (await db.query(TOLD)).map(({ rule_id, percent }) => nameOf(String(rule_id), Number(percent))),
    );
    for (const rule of rules) {
      for (const percent of PERCENTS) {
        const isTold = told.has(nameOf(rule.ruleId, percent));
        if (!isTold && isAbove(rule, percent)) await db.transaction((tx) => tell(tx, rule, percent));
        if (isTold && !isAbove(rule, percent - REARM_BELOW)) await db.query(REARM, [rule.ruleId, percent]);
      }
    }
  };

  async function tell(tx: PayTx, rule: RuleStatus, percent: number): Promise<void> {
    const mine = await tx.query(TELL, [rule.ruleId, percent, nowMs()]);
    if (mine.length === 0) return;
    const { ruleId, bucket, spent, max, windowMs } = rule;
    const data = {
      rule_id: ruleId,
      bucket,
      percent,
      spent: String(spent),
      max: String(max),
      window_s: windowMs / 1000,
    };
    await announce(tx, { type: 'limit.reached', data });
    log.warn({ alert: 'limit', ...data }, 'a limit is used up to a percentage that is told');
  }
}

const isAbove = ({ spent, max }: RuleStatus, percent: number): boolean => spent * 100n >= max * BigInt(percent);
const nameOf = (ruleId: string, percent: number): string => `${ruleId}/${percent}`;

const PERCENTS = [50, 80, 100] as const;
const REARM_BELOW = 5;
const TOLD = 'SELECT rule_id, percent FROM limit_alerts';
const REARM = 'DELETE FROM limit_alerts WHERE rule_id = $1 AND percent = $2';
const TELL = `INSERT INTO limit_alerts (rule_id, percent, at_ms) VALUES ($1, $2, $3)
  ON CONFLICT (rule_id, percent) DO NOTHING RETURNING rule_id`;

interface LimitAlertsDeps {
  db: PayDb;
  spend: Pick<Spend, 'status'>;
  announce: Announce;
  nowMs: () => number;
  log: Pick<Logger, 'warn'>;
}
