import { setTimeout as delay } from 'node:timers/promises';
import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import type { RelayInfo, Zooid } from './ports.js';
import { settles } from './settles.js';

/**
 * Whether the relay shows what was asked for. zooid answers before a change is live, so it is looked at again and again
 * for `patienceMs`, and not at all before `firstAfterMs`; an error while looking is a "not yet".
 */
export async function isLive(
  { zooid, patienceMs = 2000, firstAfterMs = 0 }: IsLiveOptions,
  relay: Relay,
  signal: AbortSignal,
): Promise<boolean> {
  if (firstAfterMs > 0) await delay(firstAfterMs, undefined, { signal }).catch(() => undefined);
  return settles(async (end) => shows(await zooid.relayInfo(relayHost(relay), end), relay), { patienceMs, signal });
}

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

interface IsLiveOptions {
  zooid: Pick<Zooid, 'relayInfo'>;
  patienceMs?: number | undefined;
  /** A look right after a change sees the old state: it only costs. */
  firstAfterMs?: number;
}
