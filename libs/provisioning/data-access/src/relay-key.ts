import { AppError } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { secretSigner } from '@caravel/nostr';
import type { Signer } from '@caravel/nostr';
import type { Db } from '@caravel/platform-data-access';
import type { RelaySecretBox } from './relay-secret-box.js';

/** The relay's own key, to be it (NIP-42). Throws `not-found` while it has none, and `RelaySecretError`. */
export async function findRelayKey(db: Db, relayId: Id, secretBox: RelaySecretBox): Promise<Signer> {
  const row = await db.relaySync.findUnique({ where: { relayId }, select: { sealedSecret: true } });
  if (!row?.sealedSecret) throw new AppError('not-found', 'This relay has not been set up yet.');
  return secretSigner(secretBox.open(relayId, row.sealedSecret));
}
