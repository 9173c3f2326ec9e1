import type { Bolt11Network } from './bolt11.js';
import { Bolt11Error } from './bolt11-error.js';

const MSATS_PER_BTC = 100_000_000_000n;
/** Largest first: the shortest writing of an amount uses the largest unit that divides it. */
const UNITS: readonly (readonly [letter: string, msats: bigint])[] = [
  ['', MSATS_PER_BTC],
  ['m', MSATS_PER_BTC / 1_000n],
  ['u', MSATS_PER_BTC / 1_000_000n],
  ['n', MSATS_PER_BTC / 1_000_000_000n],
];
const PREFIX = /^ln(bcrt|tbs|tb|bc)(?:([1-9][0-9]*)([munp])?)?$/;

/** The human-readable part: `ln`, network, and the amount in its shortest writing. */
export function formatPrefix(network: Bolt11Network, amountMsats: bigint | null): string {
  return `ln${network}${amountMsats === null ? '' : formatAmount(amountMsats)}`;
}

/** Reads what `formatPrefix` writes, and longer writings of the same amount; anything else is a `Bolt11Error`. */
export function parsePrefix(prefix: string): { network: Bolt11Network; amountMsats: bigint | null } {
  const match = PREFIX.exec(prefix);
  if (!match) throw new Bolt11Error('unknown network, or an amount or multiplier that cannot be read');
  const [, network, digits, letter = ''] = match;
  return {
    network: network as Bolt11Network,
    amountMsats: digits === undefined ? null : parseAmount(BigInt(digits), letter),
  };
}

function formatAmount(amountMsats: bigint): string {
  if (amountMsats <= 0n) throw new Bolt11Error('the amount must be positive');
  const unit = UNITS.find(([, msats]) => amountMsats % msats === 0n);
  return unit ? `${String(amountMsats / unit[1])}${unit[0]}` : `${String(amountMsats * 10n)}p`;
}

function parseAmount(amount: bigint, letter: string): bigint {
  if (letter === 'p') {
    if (amount % 10n !== 0n) throw new Bolt11Error('the amount is finer than a millisatoshi');
    return amount / 10n;
  }
  const unit = UNITS.find(([name]) => name === letter);
  return amount * (unit?.[1] ?? MSATS_PER_BTC);
}
