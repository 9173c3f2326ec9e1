import { unixSeconds } from '@caravel/domain';
import { readClosed } from './closed-relay.js';
import type { Moving } from './closed-relay.js';
import { compareEvents } from './compare-events.js';
import { isRenewed } from './is-renewed.js';
import type { MoveDeps } from './move-deps.js';
import { MoveImpossibleError } from './move-impossible-error.js';
import type { ClaimedMove } from './move-ports.js';

/**
 * Throws unless the target has all that the source has, and nothing that the source has no more: an instance that had the
 * relay before kept its events, and what was deleted since then would be back.
 */
export async function expectSameEvents(deps: MoveDeps, move: ClaimedMove, moving: Moving): Promise<void> {
  const { schema } = moving.moved.relay;
  const [source, target] = [readClosed(deps, move.source, moving), readClosed(deps, move.target, moving)];
  const { missing, extra } = await compareEvents(source, target);
  const nowS = unixSeconds(deps.clock.now());
  const lost = missing.filter((event) => !isRenewed(event, extra, nowS));
  if (lost[0]) throw new MoveImpossibleError(`${lost.length} events did not arrive; the first is ${lost[0].id}.`);
  const old = extra.filter(({ pubkey }) => pubkey !== moving.moved.pubkey);
  if (old.length === 0) return;
  throw new MoveImpossibleError(
    `"${move.target}" has ${old.length} events that the relay has no more, from an earlier time: remove ${schema} there first.`,
  );
}
