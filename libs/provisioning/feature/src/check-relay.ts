import { setTimeout as delay } from 'node:timers/promises';
import { servedHost, takeEdits } from './adopt-edits.js';
import { INFO_FIELDS } from './info-fields.js';
import { forgetPatched } from './merge-patch.js';
import { isObject } from './json.js';
import type { ClaimedRelay, RelayChecks, RelayInfo, Zooid } from './ports.js';

/**
 * Compares a synced relay with what its NIP-11 shows, and writes down what comes of it. The owner's edits are adopted; a relay
 * that is not there, or not as it was told, is due for a sync: with nothing known it is created again, with the secret it
 * had. Throws when zooid doesn't tell.
 */
export async function checkRelay(deps: CheckRelayDeps, work: ClaimedRelay, signal: AbortSignal): Promise<CheckOutcome> {
  const { checks } = deps;
  const { claim, relay, known } = work;
  if (!known) return astray(deps, work, null);
  if (relay.status !== 'active') return checkInactive(deps, work, signal);

  const shown = await lookPatiently(deps, work, signal);
  if (!shown) {
    await checks.markAstray(claim, null);
    return 'gone';
  }
  if (shown.pubkey !== relay.tenantPubkey) return astray(deps, work, null);
  const seen = await takeEdits({ syncs: checks, onAdopted: deps.onAdopted }, work, shown);
  if (!agrees(seen, shown)) return astray(deps, seen, seen.known);
  await checks.markChecked(claim);
  return seen === work ? 'fine' : 'adopted';
}

async function astray({ checks }: CheckRelayDeps, { claim }: ClaimedRelay, known: ClaimedRelay['known']) {
  await checks.markAstray(claim, known);
  return 'astray' as const;
}

async function checkInactive(deps: CheckRelayDeps, work: ClaimedRelay, signal: AbortSignal): Promise<CheckOutcome> {
  const { known } = work;
  const host = known?.['host'];
  const shown = typeof host === 'string' ? await deps.zooid.relayInfo(host, signal) : null;
  // Under its address there may be another's relay meanwhile, which is none of its business.
  if (shown?.pubkey === work.relay.tenantPubkey && known) {
    return astray(deps, work, forgetPatched(known, { inactive: true }));
  }
  await deps.checks.markChecked(work.claim);
  return 'fine';
}

/** A relay that is being reloaded is gone for a moment. */
async function lookPatiently(
  { zooid, goneAfterMs = 2000 }: CheckRelayDeps,
  work: ClaimedRelay,
  signal: AbortSignal,
): Promise<RelayInfo | null> {
  const host = servedHost(work);
  if (host === null) return null;
  const shown = await zooid.relayInfo(host, signal);
  if (shown) return shown;
  await delay(goneAfterMs, undefined, { signal });
  return zooid.relayInfo(host, signal);
}

function agrees({ relay, known }: ClaimedRelay, shown: RelayInfo): boolean {
  const info = known?.['info'];
  return (
    isObject(info) &&
    INFO_FIELDS.every((field) => info[field] === shown[field] && relay[`info_${field}`] === shown[field])
  );
}

/** `gone`: it was to be served and is not. `astray`: there is something else. Both are due for a sync. */
export type CheckOutcome = 'fine' | 'adopted' | 'astray' | 'gone';

export interface CheckRelayDeps {
  checks: Pick<RelayChecks, 'adopt' | 'markChecked' | 'markAstray'>;
  zooid: Pick<Zooid, 'relayInfo'>;
  onAdopted?: (fields: readonly string[]) => void;
  /** How long a relay has to be away to be gone. */
  goneAfterMs?: number | undefined;
}
