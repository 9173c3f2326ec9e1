import type { Network } from '@caravel/pay-protocol';

/** What a limit can count in: a factor to base units, and how many decimals people may write. */
export interface LimitUnit {
  /** The last part of a bucket: base units of this asset, or micro-dollars of `usd`. */
  bucketUnit: string;
  /** Base units of one. */
  factor: bigint;
  decimals: number;
}

/** The native unit of each network, in which its amounts are given and limits without a token count. */
export const NATIVE_UNIT: Readonly<Record<Network, string>> = {
  cashu: 'sats',
  ln: 'sats',
  btc: 'sats',
  evm: 'wei',
  sol: 'lamports',
};

/** Micro-dollars of one cent: limits in dollars are counted so finely that no payment is too small to count. */
export const MICROS_PER_CENT = 10_000n;

/**
 * The unit that a text or a token names on a network (`all`: on none, then only `usd`), or undefined when it names none there.
 * Symbols are those of the built-in registry; any other token counts under its address, in base units.
 */
export function limitUnit(name: string, network: Network | 'all'): LimitUnit | undefined {
  const unit = name.toLowerCase();
  if (unit === 'usd') return USD;
  if (network === 'all') return undefined;
  const native = NATIVE_UNIT[network];
  if (NATIVE_ALIASES[native]?.includes(unit)) return base(native);
  if (network === 'evm' && unit === 'gwei') return { bucketUnit: 'wei', factor: 10n ** 9n, decimals: 0 };
  if (network !== 'evm' && network !== 'sol') return undefined;
  const symbol = unit.replace(/_base_units$/, '');
  if (REGISTRY_SYMBOLS.has(symbol))
    return symbol === unit ? { bucketUnit: symbol, factor: 10n ** 6n, decimals: 6 } : base(symbol);
  return ADDRESS[network].test(name) ? base(network === 'evm' ? unit : name) : undefined;
}

const base = (bucketUnit: string): LimitUnit => ({ bucketUnit, factor: 1n, decimals: 0 });
const USD: LimitUnit = { bucketUnit: 'usd', factor: 100n * MICROS_PER_CENT, decimals: 2 };
const NATIVE_ALIASES: Readonly<Record<string, readonly string[]>> = {
  sats: ['sats', 'sat', 'native'],
  wei: ['wei', 'native', 'eth'],
  lamports: ['lamports', 'native', 'sol'],
};
/** Both have six decimals on every chain of the registry. */
const REGISTRY_SYMBOLS: ReadonlySet<string> = new Set(['usdc', 'usdt']);
const ADDRESS = { evm: /^0x[0-9a-f]{40}$/i, sol: /^[1-9A-HJ-NP-Za-km-z]{32,44}$/ } as const;
