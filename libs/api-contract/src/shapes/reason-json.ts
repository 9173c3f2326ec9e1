import { z } from 'zod';

const MAX_REASON = 300;

/** Why an admin does it; the tenant reads it. One line without control characters. */
export const reasonJson = z
  .string()
  .trim()
  .min(1, 'must say why')
  .max(MAX_REASON, `must be at most ${MAX_REASON} characters`)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), { error: 'must be one line of text' });
