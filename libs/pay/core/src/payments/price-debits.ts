import type { Debit } from '@caravel/pay-limits';
import { bucketDebits } from '@caravel/pay-limits';
import type { BucketDebits } from '@caravel/pay-limits';
import { PayError } from '@caravel/pay-protocol';
import type { ProviderDebit } from '@caravel/pay-provider';
import type { CoreDeps } from '../pay-call.js';
import type { KeptDebit } from './payment-record.js';
import type { PaymentRow } from './payment-rows.js';

/** Micro-dollars of 10^30 base units: fine enough that the same price gives the same dollars of any amount. */
const SCALE = 10n ** 30n;

/**
 * Debits of one payment, one for each asset, with their prices now. One that has no price stays without: an address, or anything
 * while no source answers.
 */
export async function priceDebits(
  rates: CoreDeps['rates'],
  debits: readonly ProviderDebit[],
  known: readonly KeptDebit[] = [],
): Promise<KeptDebit[]> {
  const sums = new Map<string, bigint>();
  for (const { unit, amount } of debits) if (amount > 0n) sums.set(unit, (sums.get(unit) ?? 0n) + amount);
  return Promise.all(
    [...sums].map(async ([unit, amount]) => {
      const before = known.find((debit) => debit.unit === unit);
      // A payment settles at the price it was reserved at, or without one.
      const price = before ? before.price : await priceOf(rates, unit);
      return { unit, amount, ...(price !== undefined && { price }) };
    }),
  );
}

async function priceOf(rates: CoreDeps['rates'], unit: string): Promise<bigint | undefined> {
  const coin = COINS[unit];
  if (!rates || !coin) return undefined;
  try {
    return await rates.usdMicros(coin, SCALE);
  } catch (error) {
    if (error instanceof PayError && error.code === 'price_unavailable') return undefined;
    throw error;
  }
}

/** By the units of limits. The registry's dollars have six decimals, so a base unit is a micro-dollar. */
const COINS: Readonly<Record<string, 'BTC' | 'ETH' | 'SOL' | 'USD'>> = {
  sats: 'BTC',
  wei: 'ETH',
  lamports: 'SOL',
  usdc: 'USD',
  usdt: 'USD',
};

/** Micro-dollars, rounded up. */
export const usdMicrosOf = ({ amount, price }: KeptDebit): bigint | undefined =>
  price === undefined ? undefined : (amount * price + SCALE - 1n) / SCALE;

/** Where a payment counts; nowhere when another node counts it. */
export function bucketsOf(
  { network, wallet, keyName, counted }: Pick<PaymentRow, 'network' | 'wallet' | 'keyName' | 'counted'>,
  debits: readonly KeptDebit[],
): BucketDebits {
  if (!counted) return new Map();
  const listed = debits.map((debit): Debit => {
    const { unit, amount } = debit;
    return { network, walletId: wallet, unit, amount, usdMicros: usdMicrosOf(debit) };
  });
  return bucketDebits(listed, keyName);
}

/** The buckets in dollars that a payment counts in when it has a price. */
export const dollarBuckets = (payment: Pick<PaymentRow, 'network' | 'wallet' | 'keyName'>): string[] =>
  [...bucketsOf({ ...payment, counted: true }, [{ unit: 'usd', amount: 1n, price: SCALE }]).keys()].filter((bucket) =>
    bucket.endsWith('/usd'),
  );
