import { relaySync } from '@caravel/contracts';
import { relayHost } from '@caravel/domain';
import type { JsonObject } from '../json.js';
import { forgetPatched } from '../merge-patch.js';
import { closedConfig, closedHost, movedRelay } from './closed-relay.js';
import type { Moving } from './closed-relay.js';
import { expectSameEvents } from './same-events.js';
import type { MoveDeps } from './move-deps.js';
import { MoveImpossibleError } from './move-impossible-error.js';
import type { ClaimedMove } from './move-ports.js';
import { expectDone, expectShown, isShown } from './zooid-answers.js';

/**
 * The target shows the relay to us alone, everything is seen to be there, and with one transaction it is the target's: the
 * next sync tells it what the relay is called.
 */
export async function openTarget(deps: MoveDeps, move: ClaimedMove, signal: AbortSignal): Promise<void> {
  const moved = await movedRelay(deps, move);
  const { id } = moved.relay;
  const { zooid } = deps.zooids.of(move.target);
  const names = { hidden: relayHost(moved.relay), shown: closedHost(id), signal, patienceMs: deps.patienceMs };
  if (!(await isShown(zooid, names))) {
    expectDone(await zooid.patch(id, { inactive: false }, signal), move.target);
    await expectShown(zooid, names);
  }
  await expectSameEvents(deps, move, { moved, signal });
  await expectSameMembers(deps, move, { moved, signal });
  await deps.moves.switchOver(move, await knownConfig(deps, move, { moved, signal }));
  await deps.bells.ring(relaySync, { relayId: id });
}

/** Of what the target has only this is certain, because the tenant may have changed the rest since it was created. */
async function knownConfig(deps: MoveDeps, move: ClaimedMove, moving: Moving): Promise<JsonObject> {
  const config = await closedConfig(deps, move, moving);
  const { host, inactive, info } = config;
  return { ...forgetPatched(config, config), ...(host && { host }), ...(info && { info }), inactive: inactive ?? null };
}

async function expectSameMembers({ zooids }: MoveDeps, move: ClaimedMove, { moved, signal }: Moving): Promise<void> {
  const { id } = moved.relay;
  const [before, after] = [
    await zooids.of(move.source).zooid.members(id, signal),
    await zooids.of(move.target).zooid.members(id, signal),
  ];
  if (String(before) !== String(after)) throw new MoveImpossibleError('The list of members did not arrive whole.');
}
