import { createHash } from 'node:crypto';
import { PayError } from '@caravel/pay-protocol';
import type { InputOf, SpendLimit } from '@caravel/pay-protocol';
import { toSpendRule } from '@caravel/pay-limits';
import type { SpendRule } from '@caravel/pay-limits';
import type { RequestKey } from '@caravel/pay-provider';
import type { PayDb } from '@caravel/pay-store';
import { requestOf } from '../control/request-of.js';
import type { CoreDeps, Handle, PayCall } from '../pay-call.js';
import type { Wallets } from '../wallets/wallet-book.js';
import { limitStatuses } from './limit-statuses.js';
import { locateLimit } from './locate-limit.js';

/**
 * Limits that are added and removed by command. A rule's id comes from its request, so that a repeat after a crash adds none
 * twice. Rules of config.toml and of keys stay.
 */
export function changeLimits({ db, spend, wallets, clock, policy, priceUnpriced }: ChangeDeps) {
  const nowMs = () => clock.now().getTime();

  const ruleOf = async (limit: SpendLimit, input: { id: string; nth?: number }, call: PayCall): Promise<SpendRule> => {
    const { keyName, id } = requestOf(input, call);
    const hash = createHash('sha256').update([policy.nodeId, keyName, id, input.nth ?? 0].join('\0'));
    const ruleId = `r_${hash.digest('hex').slice(0, 8)}`;
    return toSpendRule(await locateLimit(wallets, limit, call), { ruleId, origin: 'command' });
  };

  /** Before, so that nothing is added without a price; after, for payments that began in between. */
  const priced = async (rules: readonly SpendRule[], work: () => Promise<void>): Promise<void> => {
    for (const rule of rules) await priceUnpriced(rule);
    await work();
    for (const rule of rules) await priceUnpriced(rule);
  };

  const add: Handle<'limit_add'> = async (input, call) => {
    const rule = await ruleOf(input.limit, input, call);
    const known = (await spend.status(nowMs())).find(({ ruleId }) => ruleId === rule.ruleId);
    if (known && known.said !== rule.said) throw new PayError('internal_error', 'the id of the rule is taken');
    await priced([rule], async () => {
      if (!known) await spend.addRule(rule, nowMs());
    });
    return { code: 'limit_added', rule_id: rule.ruleId };
  };

  const remove: Handle<'limit_remove'> = async (input, call) => {
    const { rule_id } = input;
    const request = requestOf(input, call);
    const rule = (await spend.status(nowMs())).find(({ ruleId }) => ruleId === rule_id);
    if (!rule && (await removedBy(db, request)) === rule_id) return { code: 'limit_removed', rule_id };
    if (rule?.origin !== 'command') {
      throw new PayError('invalid_limit', rule ? 'this limit stands in config.toml' : 'there is no limit of this id', {
        hint: rule ? 'Change config.toml and start again' : 'See `afpay limit list`',
      });
    }
    await db.query(REMOVED, [rule_id, request.keyName, request.id]);
    await spend.removeRule(rule_id);
    return { code: 'limit_removed', rule_id };
  };

  const set: Handle<'limit_set'> = async (input: InputOf<'limit_set'>, call) => {
    const rules: SpendRule[] = [];
    for (const [nth, limit] of input.limits.entries()) rules.push(await ruleOf(limit, { id: input.id, nth }, call));
    await priced(rules, () => spend.replaceRules(rules, nowMs()));
    const statuses = await limitStatuses(spend, nowMs());
    return { code: 'limit_status', limits: statuses.map(({ status }) => status) };
  };

  return { add, remove, set };
}

async function removedBy(db: PayDb, { keyName, id }: RequestKey): Promise<string | undefined> {
  const rows = await db.query(REMOVED_BY, [keyName, id]);
  return rows.map(({ rule_id }) => String(rule_id))[0];
}

const REMOVED = `INSERT INTO pay_removed_limits (rule_id, key_name, request_id) VALUES ($1, $2, $3)
  ON CONFLICT (key_name, request_id) DO UPDATE SET rule_id = excluded.rule_id`;
const REMOVED_BY = `SELECT rule_id FROM pay_removed_limits WHERE key_name = $1 AND request_id = $2`;

interface ChangeDeps extends Pick<CoreDeps, 'db' | 'spend' | 'clock' | 'policy'> {
  wallets: Wallets;
  /** Of a rule in dollars: prices what it will count. Throws `price_unavailable`. */
  priceUnpriced: (rule: SpendRule) => Promise<void>;
}
