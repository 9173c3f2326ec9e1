import type { Clock, Id } from '@caravel/domain';
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

  const host = servedHost(work);
  const shown = host === null ? null : await deps.zooid.relayInfo(host, signal);
  if (!shown) return missing(deps, work, signal);
  deps.missing.delete(relay.id);
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

/** That nothing is served says nothing about what zooid knows; its members do. */
async function checkInactive(deps: CheckRelayDeps, work: ClaimedRelay, signal: AbortSignal): Promise<CheckOutcome> {
  const { known } = work;
  const host = known?.['host'];
  const shown = typeof host === 'string' ? await deps.zooid.relayInfo(host, signal) : null;
  // Under its address there may be another's relay meanwhile, which is none of its business.
  if (shown?.pubkey === work.relay.tenantPubkey && known) {
    return astray(deps, work, forgetPatched(known, { inactive: true }));
  }
  if ((await deps.zooid.members(work.relay.id, signal)) === null) {
    await deps.checks.markAstray(work.claim, null);
    return 'gone';
  }
  await deps.checks.markChecked(work.claim);
  return 'fine';
}

/** A relay that is being reloaded is not there for a moment, so it has to be missing twice. */
async function missing(deps: CheckRelayDeps, work: ClaimedRelay, signal: AbortSignal): Promise<CheckOutcome> {
  const { checks, zooid, clock } = deps;
  const { claim, relay, known } = work;
  const nowMs = clock.now().getTime();
  const sinceMs = deps.missing.get(relay.id) ?? nowMs;
  if (nowMs - sinceMs < GONE_AFTER_MS) {
    deps.missing.set(relay.id, sinceMs);
    await checks.markChecked(claim, new Date(sinceMs + GONE_AFTER_MS));
    return 'missing';
  }
  const isThere = (await zooid.members(relay.id, signal)) !== null;
  deps.missing.delete(relay.id);
  await checks.markAstray(claim, isThere && known ? forgetPatched(known, known) : null);
  return isThere ? 'dark' : 'gone';
}

function agrees({ relay, known }: ClaimedRelay, shown: RelayInfo): boolean {
  const info = known?.['info'];
  return (
    isObject(info) &&
    INFO_FIELDS.every((field) => info[field] === shown[field] && relay[`info_${field}`] === shown[field])
  );
}

const GONE_AFTER_MS = 3000;

/**
 * `missing`: it was to be served and is not, and is looked at again soon. `gone`: still not, and zooid does not know it.
 * `dark`: zooid knows it and does not serve it. `astray`: there is something else. Of the last three a sync is due.
 */
export type CheckOutcome = 'fine' | 'adopted' | 'missing' | 'gone' | 'dark' | 'astray';

export interface CheckedZooid extends Pick<Zooid, 'available' | 'relayInfo'> {
  /** Null when zooid does not know the relay; inactive ones have members, too. */
  members: (relayId: Id, signal: AbortSignal) => Promise<unknown>;
}

export interface CheckRelayDeps {
  checks: Pick<RelayChecks, 'adopt' | 'markChecked' | 'markAstray'>;
  zooid: CheckedZooid;
  onAdopted?: (fields: readonly string[]) => void;
  clock: Clock;
  /** Since when relays are missing, in this process; its own to write. */
  missing: Map<Id, number>;
}
