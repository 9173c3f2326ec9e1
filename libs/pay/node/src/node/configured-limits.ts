import { createHash } from 'node:crypto';
import { parseLimit, toSpendRule } from '@caravel/pay-limits';
import type { SpendRule } from '@caravel/pay-limits';
import { PayError, stringifyJson } from '@caravel/pay-protocol';
import type { Network, WalletSummary } from '@caravel/pay-protocol';
import type { ConfiguredLimit } from '../config/node-config.js';

/** The rules of config.toml, and whether one names a wallet that is not known here (yet). */
export interface ConfiguredRules {
  rules: SpendRule[];
  unplaced: ConfiguredLimit[];
}

/**
 * What the limits of config.toml ask for: one rule for each wallet of the name whose network has the unit. A wallet that is
 * not here is taken for an id: should it come, it is limited from its first payment on. Throws a PayError
 * `invalid_config` that says which text is wrong.
 */
export function configuredRules(
  limits: readonly ConfiguredLimit[],
  wallets: readonly Pick<WalletSummary, 'id' | 'label' | 'network'>[],
): ConfiguredRules {
  const unplaced: ConfiguredLimit[] = [];
  const rules = limits.flatMap((limit) => {
    const place = placeOf(limit);
    if (place === undefined) return [ruleOf(limit, {})];
    // An id means this wallet, so a unit that it has not is a mistake; a label may mean another that is yet to come.
    const meant = wallets.filter(
      ({ id, label, network }) => id === place || (label === place && fitsOn(limit, network)),
    );
    if (meant.length === 0) unplaced.push(limit);
    return meant.length > 0 ? meant.map((wallet) => ruleOf(limit, wallet)) : [ruleOf(limit, {})];
  });
  const unique = new Map(rules.map((rule) => [rule.ruleId, rule]));
  return { rules: [...unique.values()], unplaced };
}

/** The wallet that a limit names, by its id or a label. */
export const placeOf = ({ text }: ConfiguredLimit): string | undefined =>
  text.startsWith('wallet:') ? text.split(':')[1] : undefined;

/** Whether wallets of a network have the unit that the limit counts. */
export function fitsOn(limit: ConfiguredLimit, network: Network): boolean {
  try {
    ruleOf(limit, { network });
    return true;
  } catch (error) {
    if (error instanceof PayError) return false;
    throw error;
  }
}

function ruleOf({ text, where, keyName }: ConfiguredLimit, { id, network }: Placed): SpendRule {
  const networks: readonly Network[] = network === undefined ? ANY_WITH_ITS_UNIT : [network];
  let failure: unknown;
  for (const candidate of networks) {
    try {
      const limit = parseLimit(text, () => candidate);
      const located = { ...limit, ...(id !== undefined && { wallet: id }) };
      const origin = keyName === undefined ? 'config' : 'key';
      const rule = toSpendRule(located, { ruleId: '', origin, ...(keyName !== undefined && { keyName }) });
      return { ...rule, ruleId: ruleIdOf(rule) };
    } catch (error) {
      failure = error;
    }
  }
  const hint = failure instanceof PayError ? failure.hint : undefined;
  throw new PayError('invalid_config', `${where} is no limit`, { hint, cause: failure });
}

/** The same text is the same rule in every process and after every start. */
function ruleIdOf({ bucket, windowMs, max, said }: SpendRule): string {
  const text = stringifyJson([bucket, windowMs, String(max), said]);
  return `r_${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

/** Together they have every unit there is. */
const ANY_WITH_ITS_UNIT: readonly Network[] = ['ln', 'evm', 'sol'];

interface Placed {
  id?: string | undefined;
  network?: Network | undefined;
}
