import { z } from 'zod';

/** At most 50 entries, keys up to 40 characters, values up to 500; '' unsets (Stripe, metadata). */
export const metadataSchema = z
  .record(z.string().max(40), z.string().max(500))
  .refine((metadata) => Object.keys(metadata).length <= 50, 'You can have at most 50 keys');

/** Every call takes it; what it names is not expanded here. */
export const expandSchema = z.array(z.string());
