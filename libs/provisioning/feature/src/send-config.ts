import { AppError, relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { INFO_FIELDS } from './info-fields.js';
import type { InfoField } from './info-fields.js';
import { isObject } from './json.js';
import type { JsonObject } from './json.js';
import { forgetPatched, mergePatch, takeFields } from './merge-patch.js';
import type { ClaimedRelay, RelaySyncs, Zooid, ZooidAnswer } from './ports.js';
import { toZooidConfig } from './zooid-config.js';
import type { ZooidSettings } from './zooid-config.js';
import { withoutSecrets } from './without-secrets.js';

/**
 * Brings zooid's configuration of the relay to the desired one: POST while nothing is known of zooid's side, else a PATCH
 * with only the differences, and no call at all when there are none. Throws when zooid refused or its answer is unknown.
 *
 * What is on its way is first written down as unknown, so that a lost answer or a crash is followed by a call that says
 * it again, whatever the tenant wants by then.
 */
export async function sendConfig(deps: SendConfigDeps, work: ClaimedRelay, signal: AbortSignal): Promise<Sent> {
  const { syncs, zooid, settings, fingerprint } = deps;
  const { claim, relay, known } = work;
  const config = toZooidConfig(relay, settings);
  const stored = withoutSecrets(config, fingerprint);
  if (!known) {
    await create(deps, work, { config, signal });
    return { config: stored, called: true, told: INFO_FIELDS };
  }

  const patch = mergePatch(known, stored);
  if (Object.keys(patch).length === 0) return { config: stored, called: false, told: [] };
  await syncs.noteKnown(claim, forgetPatched(known, patch));
  const answer = await zooid.patch(relay.id, takeFields(config, patch), signal);
  if (answer.kind === 'missing') {
    // zooid has lost the relay: it comes back with the secret it had.
    await syncs.noteKnown(claim, null);
    await create(deps, work, { config, signal });
    return { config: stored, called: true, told: INFO_FIELDS };
  } else if (answer.kind !== 'done') {
    await syncs.noteKnown(claim, known);
    throw refusal(answer, relay);
  }
  return { config: stored, called: true, told: toldBy(patch) };
}

const toldBy = ({ info }: JsonObject): InfoField[] =>
  isObject(info) ? INFO_FIELDS.filter((field) => field in info) : [];

/** A 409 means "this id exists", from a POST whose answer was lost, or "host or schema are another's": a PATCH tells. */
async function create(
  { syncs, zooid }: SendConfigDeps,
  { claim, relay }: ClaimedRelay,
  { config, signal }: { config: JsonObject; signal: AbortSignal },
): Promise<void> {
  const secret = await syncs.secret(claim);
  const created = await zooid.create(relay.id, { ...config, secret }, signal);
  if (created.kind === 'done') return;
  if (created.kind !== 'conflict') throw refusal(created, relay);
  const patched = await zooid.patch(relay.id, config, signal);
  if (patched.kind !== 'done') throw refusal(patched, relay);
}

function refusal(answer: Exclude<ZooidAnswer, { kind: 'done' }>, relay: Relay): AppError {
  if (answer.kind === 'refused') return new AppError('service-unavailable', answer.reason);
  return new AppError('service-unavailable', `The address ${relayHost(relay)} is used by another relay.`);
}

/** `config`: what zooid has now, without secrets. `called`: zooid was told something; `told`: of what NIP-11 shows. */
export interface Sent {
  config: JsonObject;
  called: boolean;
  told: readonly InfoField[];
}

export interface SendConfigDeps {
  syncs: Pick<RelaySyncs, 'noteKnown' | 'secret'>;
  zooid: Pick<Zooid, 'create' | 'patch'>;
  settings: ZooidSettings;
  /** A keyed hash. */
  fingerprint: (secret: string) => string;
}
