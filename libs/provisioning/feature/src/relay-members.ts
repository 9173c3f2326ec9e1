import { AppError } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import type { JobContext } from '@caravel/queue';
import { instanceOfRelay } from './zooid-instances.js';
import type { RelayPlaces, ZooidInstances } from './zooid-instances.js';

/**
 * Answers the call `relay-members`: read live from zooid, inactive relays too. A relay that zooid has never shown has no
 * members, and zooid isn't asked. Throws `not-found`, and `service-unavailable` when zooid doesn't tell.
 */
export function findRelayMembers({ syncs, zooids }: RelayMembersDeps) {
  return async (
    { relayId }: { relayId: Id },
    { signal }: Pick<JobContext, 'signal'>,
  ): Promise<{ members: Pubkey[] }> => {
    const synced = await syncs.everSynced(relayId);
    if (synced === null) throw new AppError('not-found', 'There is no such relay.');
    const instance = synced ? await instanceOfRelay({ syncs, zooids }, relayId) : null;
    return { members: (await instance?.zooid.members(relayId, signal)) ?? [] };
  };
}

interface RelayMembersDeps {
  syncs: RelayPlaces & { everSynced: (relayId: Id) => Promise<boolean | null> };
  zooids: ZooidInstances<{ members: (relayId: Id, signal: AbortSignal) => Promise<Pubkey[] | null> }>;
}
