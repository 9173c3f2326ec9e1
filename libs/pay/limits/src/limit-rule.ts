import { PayError, stringifyJson } from '@caravel/pay-protocol';
import type { LimitStatus, Network, SpendLimit } from '@caravel/pay-protocol';
import { limitText } from './limit-text.js';
import { limitUnit, MICROS_PER_CENT, NATIVE_UNIT } from './limit-units.js';
import type { RuleStatus, SpendRule } from './spend.js';

/** A limit whose wallet, if it names one, was found: its id, and the network it is on. */
export type LocatedLimit = Omit<SpendLimit, 'network' | 'wallet' | 'rule_id'> & {
  network?: Network | undefined;
  wallet?: string | undefined;
};

/**
 * The rule that a limit asks for. Throws a PayError `invalid_limit` when scope, network, wallet and unit do not fit: `all` counts
 * dollars only, sats exist on ln, cashu and btc, and so on.
 */
export function toSpendRule(limit: LocatedLimit, { ruleId, origin, keyName }: RuleIdentity): SpendRule {
  const { bucket, factor } = bucketOf(limit);
  const { scope, network, wallet, window_s, max_spend, token } = limit;
  return {
    ruleId,
    bucket: keyName === undefined ? bucket : `key/${keyName}/${bucket}`,
    windowMs: window_s * 1000,
    max: max_spend * factor,
    said: stringifyJson({ scope, network, wallet, window_s, max_spend, token }),
    origin,
  };
}

/** How a limit stands, in the units it was asked for in. What is spent is rounded up, what remains down. */
export function toLimitStatus(status: RuleStatus, limit: LocatedLimit, nowMs: number): LimitStatus {
  const { factor } = bucketOf(limit);
  const left = status.max - status.spent;
  const reset = status.oldestAtMs === null ? 0 : Math.max(status.oldestAtMs + status.windowMs - nowMs, 0);
  const { scope, network, wallet, window_s, max_spend, token } = limit;
  return {
    rule_id: status.ruleId,
    scope,
    ...(network !== undefined && { network }),
    ...(wallet !== undefined && { wallet }),
    window_s,
    max_spend,
    spent: (status.spent + factor - 1n) / factor,
    remaining: left > 0n ? left / factor : 0n,
    ...(token !== undefined && { token }),
    window_reset_s: Math.ceil(reset / 1000),
    text: limitText(limit),
  };
}

/** The bucket a limit watches, and what one of its units is there. */
function bucketOf({ scope, network, wallet, token }: LocatedLimit): { bucket: string; factor: bigint } {
  if (scope === 'global_usd_cents') {
    if (network !== undefined || wallet !== undefined || (token !== undefined && token !== 'usd')) {
      throw invalid('a limit on everything names no network, no wallet and no token: it counts dollars');
    }
    return { bucket: 'all/usd', factor: MICROS_PER_CENT };
  }
  if (network === undefined) throw invalid(`a limit on a ${scope} needs its network`);
  if ((scope === 'wallet') !== (wallet !== undefined)) {
    throw invalid(scope === 'wallet' ? 'a limit on a wallet needs the wallet' : 'a limit on a network names no wallet');
  }
  const place = wallet === undefined ? `network/${network}` : `wallet/${wallet}`;
  const unit = limitUnit(token ?? NATIVE_UNIT[network], network);
  if (!unit) throw invalid(`there is no ${token ?? ''} on ${network}; its own unit is ${NATIVE_UNIT[network]}`);
  if (unit.bucketUnit === 'usd') return { bucket: `${place}/usd`, factor: MICROS_PER_CENT };
  // Objects count base units, whatever a symbol's decimals; `gwei` alone is itself.
  return { bucket: `${place}/${unit.bucketUnit}`, factor: token === 'gwei' ? unit.factor : 1n };
}

const invalid = (message: string): PayError => new PayError('invalid_limit', message, { hint: HINT });
const HINT = 'For example network:ln:24h:100000sats, wallet:w_1a2b3c4d:1h:5000sats or all:24h:50usd';

interface RuleIdentity {
  ruleId: string;
  origin: SpendRule['origin'];
  /** Of a rule that counts only what this key asked for. */
  keyName?: string | undefined;
}
