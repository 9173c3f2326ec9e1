import { NETWORKS, PayError } from '@caravel/pay-protocol';
import type { Network, SpendLimit } from '@caravel/pay-protocol';
import { limitUnit, MICROS_PER_CENT, NATIVE_UNIT } from './limit-units.js';
import type { LocatedLimit } from './limit-rule.js';

/**
 * A limit as people write it: scope ":" [wallet or network ":"] window ":" amount, e.g. `wallet:w_1a2b3c4d:1h:10000sats`,
 * `network:evm:1h:500gwei`, `all:24h:5000usd`, `network:sol:1h:100usdc`. A wallet's network, which decides its units, is
 * `networkOf` its name. Throws a PayError `invalid_limit` that says what is wrong and what would be right.
 */
export function parseLimit(text: string, networkOf: (wallet: string) => Network | undefined): SpendLimit {
  const [scope, ...parts] = text.split(':');
  if (scope !== 'wallet' && scope !== 'network' && scope !== 'all') {
    throw invalid(text, 'a limit begins with wallet, network or all');
  }
  const place = scope === 'all' ? undefined : parts.shift();
  const [window = '', amount = '', ...rest] = parts;
  if (rest.length > 0 || (scope !== 'all' && !place))
    throw invalid(text, 'scope:place:window:amount, or all:window:amount');
  const limit = { window_s: parseWindow(window, text) };
  if (scope === 'all') return { ...limit, scope: 'global_usd_cents', ...parseAmount(amount, 'all', text) };
  if (scope === 'network') {
    const network = NETWORKS.find((name) => name === place);
    if (!network) throw invalid(text, `a network is one of ${NETWORKS.join(', ')}`);
    return { ...limit, scope, network, ...parseAmount(amount, network, text) };
  }
  const network = networkOf(place ?? '');
  if (!network) throw new PayError('wallet_not_found', `the limit names a wallet that is not here`);
  return { ...limit, scope, wallet: place, network, ...parseAmount(amount, network, text) };
}

/** The other way: one spelling for each limit, dollars with their cents (`all:24h:$5,000.00`). */
export function limitText({ scope, network, wallet, window_s, max_spend, token }: LocatedLimit): string {
  const place = scope === 'global_usd_cents' ? ['all'] : [scope, wallet ?? network];
  const unit = token ?? (network && NATIVE_UNIT[network]) ?? 'usd';
  const isUsd = scope === 'global_usd_cents' || unit === 'usd';
  const named = unit === 'native' && network ? NATIVE_UNIT[network] : unit;
  const glue = named.length < SHORTEST_ADDRESS ? '' : '@';
  const isSymbol = network !== undefined && (limitUnit(named, network)?.decimals ?? 0) > 0;
  const amount = isUsd ? dollars(max_spend) : `${max_spend}${glue}${named}${isSymbol ? '_base_units' : ''}`;
  return [...place, windowText(window_s), amount].join(':');
}

/** `90m`, `24h`, `30d` in seconds. Throws a PayError `invalid_limit`. */
export function parseWindow(text: string, limit = text): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? 0);
  if (seconds === 0) throw invalid(limit, 'a window is a number and m, h or d, e.g. 90m, 24h or 30d');
  return seconds;
}

function parseAmount(text: string, network: Network | 'all', limit: string): Pick<SpendLimit, 'max_spend' | 'token'> {
  const [, whole = '', fraction = '', name = ''] =
    /^(\d{1,60})(?:\.(\d{1,18}))?([A-Za-z]\w*)$/.exec(text) ?? byAddress(text);
  const unit = name === '' ? undefined : limitUnit(name, network);
  if (!unit) {
    const units = network === 'all' ? 'usd' : `${NATIVE_UNIT[network]}, usd or a token`;
    throw invalid(limit, `an amount is a number and its unit: here ${units}`);
  }
  if (fraction.length > unit.decimals) throw invalid(limit, `${name} has ${unit.decimals} decimals`);
  const scale = 10n ** BigInt(unit.decimals);
  const exact = BigInt(whole) * scale + BigInt(fraction.padEnd(unit.decimals, '0') || '0');
  const inBase = (exact * unit.factor) / scale;
  if (inBase === 0n) throw invalid(limit, 'a limit of nothing would refuse everything; remove the wallet instead');
  if (unit.bucketUnit === 'usd') {
    return { max_spend: inBase / MICROS_PER_CENT, ...(network !== 'all' && { token: 'usd' }) };
  }
  const isNative = network !== 'all' && unit.bucketUnit === NATIVE_UNIT[network];
  return { max_spend: inBase, ...(!isNative && { token: unit.bucketUnit }) };
}

/** `100000:0x…` can't be told from an address glued to a number, so an amount of one is written `100000@0x…`. */
const byAddress = (text: string): string[] => {
  const [, whole = '', address = ''] = /^(\d{1,60})@(\w{32,44})$/.exec(text) ?? [];
  return ['', whole, '', address];
};

function windowText(seconds: number): string {
  // One day is written 24h, as people say it.
  const units = Object.entries(SECONDS).filter(([unit]) => unit !== 'd' || seconds > 86_400);
  const [unit = 's', length = 1] = units.find(([, each]) => seconds % each === 0) ?? [];
  return `${seconds / length}${unit}`;
}

function dollars(cents: bigint): string {
  const digits = String(cents).padStart(3, '0');
  return `$${digits.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${digits.slice(-2)}`;
}

const invalid = (text: string, hint: string): PayError =>
  new PayError('invalid_limit', `\`${text.slice(0, 200)}\` is no limit`, { hint });

const SHORTEST_ADDRESS = 32;
/** The longest first, for writing. */
const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60 };
