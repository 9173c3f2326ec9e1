/** Dollars of one whole coin, times 10^18, as NUMERIC(38,18) would hold them; above zero. */
export type Price = bigint;

/** From decimal digits; more than 18 decimals are cut. Undefined for anything else, for nothing, and for 10^20 dollars or more. */
export function parsePrice(text: string): Price | undefined {
  const [, whole, fraction = ''] = /^(\d{1,20})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const price = BigInt(whole + fraction.padEnd(DECIMALS, '0').slice(0, DECIMALS));
  return price > 0n ? price : undefined;
}

export function priceText(price: Price): string {
  const digits = String(price).padStart(DECIMALS + 1, '0');
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

/**
 * Millionths of a dollar that `amount` base units cost, rounded up, so that nothing above zero costs nothing. `unitsPerCoin`:
 * base units of one whole coin.
 */
export function usdMicrosOf(amount: bigint, price: Price, unitsPerCoin: bigint): bigint {
  const divisor = unitsPerCoin * 10n ** BigInt(DECIMALS);
  return (amount * price * MICROS_PER_DOLLAR + divisor - 1n) / divisor;
}

/** Whether two prices are at most `percent` of the lower one apart. */
export function within(percent: bigint, one: Price, other: Price): boolean {
  const [low, high] = one < other ? [one, other] : [other, one];
  return (high - low) * 100n <= low * percent;
}

const DECIMALS = 18;
const MICROS_PER_DOLLAR = 1_000_000n;
