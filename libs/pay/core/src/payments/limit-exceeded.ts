import { toLimitStatus } from '@caravel/pay-limits';
import type { ReserveResult, SpendRule } from '@caravel/pay-limits';
import { parseJson, spendLimitSchema } from '@caravel/pay-protocol';
import type { OutputOf } from '@caravel/pay-protocol';

/** The refusal by a rule, in the units it was asked for in. `spent` leaves the refused payment out. */
export function limitExceeded({ rule, spent, remainingMs }: Exceeded): OutputOf<'limit_exceeded'> {
  const said = readSaid(rule);
  const { token, ...status } = said
    ? toLimitStatus({ ...rule, spent, oldestAtMs: null }, said, 0)
    : { scope: rule.bucket, spent, max_spend: rule.max, token: undefined };
  return {
    code: 'limit_exceeded',
    rule_id: rule.ruleId,
    scope: status.scope,
    scope_key: said ? scopeKey(said) : rule.bucket,
    spent: status.spent,
    max_spend: status.max_spend,
    ...(token !== undefined && { token }),
    remaining_s: Math.ceil(remainingMs / 1000),
  };
}

function scopeKey({ scope, network, wallet }: NonNullable<ReturnType<typeof readSaid>>): string {
  if (scope === 'global_usd_cents') return 'global-usd-cents';
  return [network, wallet].filter((part) => part !== undefined).join('/');
}

function readSaid({ said }: SpendRule) {
  try {
    return spendLimitSchema.parse(parseJson(said));
  } catch {
    // A rule of another make is named by its bucket.
    return undefined;
  }
}

type Exceeded = Extract<ReserveResult, { result: 'limit_exceeded' }>;
