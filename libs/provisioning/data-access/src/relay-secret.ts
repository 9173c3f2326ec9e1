import { AppError } from '@caravel/domain';
import type { Db } from '@caravel/platform-data-access';
import { generateSecret } from '@caravel/nostr';
import { ClaimLostError } from './relay-claims.js';
import type { RelayClaim } from './relay-claims.js';
import type { RelaySecretBox } from './relay-secret-box.js';

/**
 * The relay's own Nostr key: made once, in the database before anybody else hears of it, the same for ever after.
 * @throws RelaySecretError when it was sealed under another key; ClaimLostError.
 */
export async function ensureRelaySecret(
  db: Db,
  { relayId, until }: RelayClaim,
  secretBox: RelaySecretBox,
): Promise<string> {
  const [row] = await db.$queryRaw<{ sealed_secret: string | null }[]>`
    UPDATE relay_sync SET sealed_secret = coalesce(sealed_secret, ${secretBox.seal(relayId, generateSecret())})
    WHERE relay_id = ${relayId} AND claimed_until = ${until}::timestamptz RETURNING sealed_secret`;
  if (!row) throw new ClaimLostError();
  if (row.sealed_secret === null) throw new AppError('internal', "The relay's key could not be stored.");
  return secretBox.open(relayId, row.sealed_secret);
}
