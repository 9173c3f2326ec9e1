import type { Id, Pubkey, Relay } from '@caravel/domain';
import { secretSigner } from '@caravel/nostr';
import { relayStore } from '@caravel/platform-data-access';
import type { Db } from '@caravel/platform-data-access';
import type { RelaySecretBox } from '../relay-secret-box.js';

/** A relay that is moved, deleted ones too: they can be had back. */
export interface MovedRelay {
  relay: Relay;
  deleted: boolean;
  /** The relay's own key, 64 hex digits. */
  secret: string;
  pubkey: Pubkey;
}

/** Null when nobody can have it back any more. @throws RelaySecretError when it was sealed under another key. */
export async function findMovedRelay(
  db: Db,
  relayId: Id,
  { secretBox }: { secretBox: Pick<RelaySecretBox, 'open'> },
): Promise<MovedRelay | null> {
  const relays = relayStore(db);
  const kept = await relays.find(relayId);
  const relay = kept ?? (await relays.findDeleted(relayId));
  const sync = await db.relaySync.findUnique({ where: { relayId }, select: { sealedSecret: true } });
  if (!relay || typeof sync?.sealedSecret !== 'string') return null;
  const secret = secretBox.open(relayId, sync.sealedSecret);
  return { relay, deleted: kept === null, secret, pubkey: secretSigner(secret).pubkey };
}
