import { z } from 'zod';

/** At most 50 entries, keys up to 40 characters, values up to 500 (https://docs.stripe.com/metadata). */
const entriesSchema = z
  .record(z.string().max(40), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= 50, 'You can have at most 50 keys');

/** `''` empties it. */
export const metadataSchema = z.union([entriesSchema, z.literal('').transform((): Record<string, string> => ({}))]);

/** What stays when metadata is changed: an empty value unsets its key, all of it when there is nothing but `''`. */
export function mergeMetadata(before: Record<string, string>, change: Record<string, string>): Record<string, string> {
  const empties = Object.keys(change).length === 0;
  return Object.fromEntries(
    Object.entries({ ...(empties ? {} : before), ...change }).filter(([, value]) => value !== ''),
  );
}

/** Whole US cents (or what the currency has), 0.50 to 999,999.99 (https://docs.stripe.com/currencies). */
export const amountSchema = z
  .int('Invalid integer')
  .min(50, 'Amount must be at least $0.50 usd')
  .max(99_999_999, 'Amount must be no more than $999,999.99');

export const currencySchema = z.string().regex(/^[a-z]{3}$/, 'it is not a supported currency');
