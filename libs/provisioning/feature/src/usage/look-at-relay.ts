import { createHash } from 'node:crypto';
import { AppError } from '@caravel/domain';
import type { Clock, Id, Pubkey } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import { instanceOfRelay } from '../zooid-instances.js';
import type { RelayPlaces, ZooidInstances } from '../zooid-instances.js';
import { lookAgainAt, nextLookAt } from './next-look-at.js';
import type { CountedRelay, RelayContents, UsageLook } from './usage-ports.js';
import { wasActive } from './was-active.js';

/**
 * Looks at one relay: its members by zooid's management, its events as the relay's own key. What one of them doesn't tell is
 * null; rejects when neither tells anything. A look that misses something is repeated in an hour, and adds what it learns.
 */
export async function lookAtRelay(
  { places, zooids, contents, clock, log }: LookDeps,
  relay: CountedRelay,
  signal: AbortSignal,
): Promise<UsageLook> {
  const instance = await instanceOfRelay({ syncs: places, zooids }, relay.id);
  if (!instance) throw new AppError('not-found', 'The relay is on no server.');
  const { zooid, relayUrl: url } = instance;
  const [who, what] = await Promise.allSettled([
    zooid.members(relay.id, signal),
    contents({ id: relay.id, host: relay.host, hasFiles: relay.hasFiles, url }, signal),
  ]);
  if (who.status === 'rejected' && what.status === 'rejected') throw who.reason;
  for (const part of [who, what]) {
    if (part.status === 'rejected') log.info({ err: part.reason, relayId: relay.id }, 'relay only partly counted');
  }
  const known = who.status === 'fulfilled' ? who.value : null;
  const seen = what.status === 'fulfilled' ? what.value : null;
  const traces = { newestEvent: seen?.newestEvent ?? null, membersHash: known && hashOf(known) };
  const events = seen?.events ?? null;
  const now = clock.now();
  return {
    relay,
    ...traces,
    events,
    members: known && known.length,
    bytes: seen?.bytes ?? null,
    active: wasActive(relay.before, { ...traces, events }),
    nextAt: known && seen ? nextLookAt(relay.id, now) : lookAgainAt(now),
  };
}

const hashOf = (members: readonly Pubkey[]): string =>
  createHash('sha256')
    .update([...members].sort().join('\n'))
    .digest('hex');

type RelayAt = Pick<CountedRelay, 'id' | 'host' | 'hasFiles'> & { url: string };

export interface LookDeps {
  places: RelayPlaces;
  /** Members are null when zooid doesn't know the relay. */
  zooids: ZooidInstances<{ members: (relayId: Id, signal: AbortSignal) => Promise<Pubkey[] | null> }>;
  /** `url`: where the relay's zooid serves relays. */
  contents: (relay: RelayAt, signal: AbortSignal) => Promise<RelayContents>;
  clock: Clock;
  log: Logger;
}
