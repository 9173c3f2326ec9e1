import { signalWithin } from '@caravel/service';
import { ownerEdits } from './owner-edits.js';
import type { ClaimedRelay, RelayInfo, RelaySyncs, Zooid } from './ports.js';

/**
 * Looks at the relay as zooid has it, and takes over what its owner changed there, before anything is sent: a patch with
 * the differences leaves such a field alone, and waiting for the old value to show would never end.
 */
export async function adoptEdits(deps: AdoptEditsDeps, work: ClaimedRelay, signal: AbortSignal): Promise<ClaimedRelay> {
  const host = servedHost(work);
  if (host === null) return work;
  const end = signalWithin(signal, LOOK_MS);
  const shown = await deps.zooid.relayInfo(host, end).catch(() => null);
  return shown ? takeEdits(deps, work, shown) : work;
}

/** The work, with the owner's edits in it; the row has them, too. */
export async function takeEdits(
  { syncs, onAdopted }: Omit<AdoptEditsDeps, 'zooid'>,
  work: ClaimedRelay,
  shown: RelayInfo,
): Promise<ClaimedRelay> {
  const edits = ownerEdits(work, shown);
  if (!edits) return work;
  const { claim, relay, pending, waitingSince } = work;
  const { known: config, adopted: changes } = edits;
  if (changes.length === 0) return { ...work, known: config };
  const adoption = { claim, tenantPubkey: relay.tenantPubkey, config, pending, waitingSince, changes };
  const changed = await syncs.adopt(adoption);
  onAdopted?.(changes.map(({ field }) => field));
  return { ...work, relay: changed, known: config };
}

/** Where zooid serves the relay; null where it is known not to, or nothing is known. */
export function servedHost({ known }: Pick<ClaimedRelay, 'known'>): string | null {
  const host = known?.['inactive'] === false ? known['host'] : null;
  return typeof host === 'string' ? host : null;
}

const LOOK_MS = 2000;

interface AdoptEditsDeps {
  syncs: Pick<RelaySyncs, 'adopt'>;
  zooid: Pick<Zooid, 'relayInfo'>;
  onAdopted?: ((fields: readonly string[]) => void) | undefined;
}
