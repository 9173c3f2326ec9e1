import { relayHost } from '@caravel/domain';
import { toZooidConfig } from '../zooid-config.js';
import { closedHost, movedRelay } from './closed-relay.js';
import type { MoveDeps } from './move-deps.js';
import type { ClaimedMove } from './move-ports.js';
import { expectDone, expectShown, isShown } from './zooid-answers.js';

/**
 * The source serves the relay under a name that nobody else knows: clients get the 404 of a relay that isn't there, so
 * nothing is written any more, and we can still read all of it. Both are seen before this ends.
 */
export async function closeSource(deps: MoveDeps, move: ClaimedMove, signal: AbortSignal): Promise<void> {
  const { relay, secret } = await movedRelay(deps, move);
  const { zooid } = deps.zooids.of(move.source);
  const closed = { host: closedHost(relay.id), inactive: false };
  const names = { hidden: relayHost(relay), shown: closed.host, signal, patienceMs: deps.patienceMs };
  // A needless PATCH has zooid reload the relay, and cut off whoever reads it.
  if (await isShown(zooid, names)) return;
  const answer = await zooid.patch(relay.id, closed, signal);
  if (answer.kind === 'missing') {
    // It has lost the configuration; what is stored comes back with the schema.
    const config = { ...toZooidConfig(relay, deps.settings), ...closed, secret };
    expectDone(await zooid.create(relay.id, config, signal), move.source);
  } else expectDone(answer, move.source);
  await expectShown(zooid, names);
}
