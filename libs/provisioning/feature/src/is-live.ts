import { setTimeout as delay } from 'node:timers/promises';
import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { RelayInfo, Zooid } from './ports.js';

/**
 * Whether the relay shows what was asked for. zooid answers before a change is live, so it is looked at again and again
 * for `patienceMs`; an error while looking is a "not yet".
 */
export async function isLive(
  { zooid, patienceMs = 2000 }: { zooid: Pick<Zooid, 'relayInfo'>; patienceMs?: number | undefined },
  relay: Relay,
  signal: AbortSignal,
): Promise<boolean> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  for (let pauseMs = FIRST_PAUSE_MS; !end.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const shown = await zooid.relayInfo(relayHost(relay), end).catch(() => undefined);
    if (shown !== undefined && shows(shown, relay)) return true;
    await delay(pauseMs, undefined, { signal: end }).catch(() => undefined);
  }
  return false;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;

/** An inactive relay is served by nobody. */
function shows(info: RelayInfo | null, relay: Relay): boolean {
  if (relay.status !== 'active') return info === null;
  return (
    info?.name === relay.info_name &&
    info.icon === relay.info_icon &&
    info.description === relay.info_description &&
    info.pubkey === relay.tenantPubkey
  );
}
