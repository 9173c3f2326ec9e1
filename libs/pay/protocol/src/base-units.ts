import { z } from 'zod';

/**
 * An amount in the smallest unit of its asset (sats, lamports, wei, a token's base units): a non-negative integer below
 * 10^78, read from an integer or from decimal digits in a string, and a bigint from then on. Fractions, signs
 * and integers that already lost digits are refused.
 */
export const baseUnitsSchema = z
  .union([z.bigint(), z.int(), z.string().regex(/^\d{1,78}$/, 'not a whole number in digits')], {
    error: 'not a whole number: an integer, or its digits as a string',
  })
  .transform((value) => BigInt(value))
  .refine((value) => value >= 0n && value < BASE_UNITS_END, 'not between 0 and 10^78 − 1');

/** Greater than zero, for what somebody wants to pay or to be paid. */
export const positiveBaseUnitsSchema = baseUnitsSchema.refine((value) => value > 0n, 'must be greater than 0');

/** One amount of one asset. `token`: `sats`, `lamports`, `wei`, a symbol, or `<symbol>_base_units`. */
export const amountSchema = z.object({ value: baseUnitsSchema, token: z.string().min(1).max(128) });
export type Amount = z.infer<typeof amountSchema>;

export const positiveAmountSchema = amountSchema.extend({ value: positiveBaseUnitsSchema });

/** What NUMERIC(78,0) holds; 2^256 − 1, the largest amount on any chain, is below it. */
const BASE_UNITS_END = 10n ** 78n;
