import { z } from 'zod';
import { flagJson, timeJson } from './scalars.js';

/** A relay's own domain: what DNS has to say, and what it said. */
export const domainJson = z.object({
  /** '' when the relay has none; then nothing else says anything. */
  custom_domain: z.string(),
  verified: flagJson,
  /** What to add: the CNAME (or, where a name can't have one, an ALIAS), and the TXT record where it is needed. */
  records: z.array(z.object({ type: z.enum(['CNAME', 'TXT']), name: z.string(), value: z.string() })),
  /** What was missing; '' means nothing. */
  problem: z.string(),
  /** When DNS was last asked. */
  checked_at: timeJson.nullable(),
});
