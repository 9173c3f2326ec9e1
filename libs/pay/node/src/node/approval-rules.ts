import { parseLimit, toSpendRule } from '@caravel/pay-limits';
import type { ApprovalRule } from '@caravel/pay-core';
import { PayError } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';

/**
 * `approve_above`: the grammar of limits without a window, e.g. `all:100usd`, `network:ln:50000sats`, `wallet:w_1a2b3c4d:10usd`;
 * a wallet by its id or label. Throws a PayError `invalid_config` that says which one is wrong.
 */
export function approvalRules(texts: readonly string[]): ApprovalRule[] {
  return texts.map((text, index) => {
    const ruleId = `approve_above[${index}]`;
    const parts = text.split(':');
    const windowed = [...parts.slice(0, -1), ANY_WINDOW, ...parts.slice(-1)].join(':');
    const { rule, network, wallet } = firstThatFits(windowed, ruleId);
    return { ruleId, network, wallet, unit: rule.bucket.slice(rule.bucket.lastIndexOf('/') + 1), above: rule.max };
  });
}

/** What an amount of a wallet means depends on its unit alone, so any network that has the unit reads it right. */
function firstThatFits(text: string, ruleId: string) {
  let failure: PayError | undefined;
  for (const network of UNITS_OF) {
    try {
      const limit = parseLimit(text, () => network);
      const rule = toSpendRule(limit, { ruleId, origin: 'config' });
      return { rule, wallet: limit.wallet, network: limit.scope === 'network' ? limit.network : undefined };
    } catch (error) {
      if (!(error instanceof PayError)) throw error;
      failure = error;
    }
  }
  throw new PayError('invalid_config', `${ruleId}: not \`scope:place:amount\``, { hint: failure?.hint });
}

const ANY_WINDOW = '1h';
const UNITS_OF: readonly Network[] = ['ln', 'evm', 'sol'];
