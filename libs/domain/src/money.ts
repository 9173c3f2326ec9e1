import { z } from 'zod';

/** US cents, signed integer. */
export const centsSchema = z.int().brand<'Cents'>();
export type Cents = z.infer<typeof centsSchema>;

/** Millisatoshis, non-negative (BOLT 11 counts in them). */
export const msatsSchema = z.bigint().nonnegative().brand<'Msats'>();
export type Msats = z.infer<typeof msatsSchema>;

export const cents = (amount: number): Cents => centsSchema.parse(amount);
export const msats = (amount: bigint): Msats => msatsSchema.parse(amount);

/** `numerator / denominator` rounded to the nearest integer, halves away from zero. `denominator` > 0. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError('denominator must be positive');
  const magnitude = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** `-1234` → `-$12.34`. */
export function formatCents(amount: Cents): string {
  const digits = String(Math.abs(amount)).padStart(3, '0');
  return `${amount < 0 ? '-' : ''}$${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * What `amount` cents cost in Lightning: whole satoshis, rounded up, as millisatoshis. `centsPerBtc` is the price of one
 * bitcoin in cents; both are positive.
 */
export function centsToMsats(amount: Cents, centsPerBtc: bigint): Msats {
  if (amount <= 0 || centsPerBtc <= 0n) throw new RangeError('amount and price must be positive');
  const sats = (BigInt(amount) * 100_000_000n + centsPerBtc - 1n) / centsPerBtc;
  return msats(sats * 1000n);
}
