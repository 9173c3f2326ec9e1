import { z } from 'zod';

/** A Nostr public key: 32 bytes as 64 lower-case hex characters (NIP-01). */
export const pubkeySchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex characters')
  .brand<'Pubkey'>();
export type Pubkey = z.infer<typeof pubkeySchema>;
