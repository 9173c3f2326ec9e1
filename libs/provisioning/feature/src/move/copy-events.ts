import { closedConfig, movedRelay, readClosed } from './closed-relay.js';
import type { Moving } from './closed-relay.js';
import type { MoveDeps } from './move-deps.js';
import { MoveImpossibleError } from './move-impossible-error.js';
import type { ClaimedMove, MovedEvent } from './move-ports.js';
import { expectDone } from './zooid-answers.js';

/**
 * The target gets the relay, with its secret and stopped, and all of its events. Stopped, because a relay that runs may
 * write a list of members of its own, and only the newest is kept.
 */
export async function copyEvents(deps: MoveDeps, move: ClaimedMove, signal: AbortSignal): Promise<void> {
  const moving = { moved: await movedRelay(deps, move), signal };
  await createStopped(deps, move, moving);
  const lines = jsonLines(deps, move, readClosed(deps, move.source, moving));
  const written = await deps.events.write(lines, { instance: move.target, relay: moving.moved.relay, signal });
  const [problem] = written.problems;
  if (!problem) return;
  const first = `the first is ${problem.event_id || 'without an id'}: ${problem.message}`;
  throw new MoveImpossibleError(`${written.invalid} events can't be written at "${move.target}"; ${first}`);
}

async function createStopped(deps: MoveDeps, move: ClaimedMove, moving: Moving): Promise<void> {
  const { relay, secret } = moving.moved;
  const { zooid } = deps.zooids.of(move.target);
  const config = { ...(await closedConfig(deps, move, moving)), inactive: true };
  const created = await zooid.create(relay.id, { ...config, secret }, moving.signal);
  // It is there from the try before, or its schema is another relay's: a PATCH tells.
  const answer = created.kind === 'conflict' ? await zooid.patch(relay.id, config, moving.signal) : created;
  expectDone(answer, move.target);
}

async function* jsonLines(
  { moves }: MoveDeps,
  move: ClaimedMove,
  events: AsyncIterable<MovedEvent>,
): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const event of events) {
    yield Buffer.from(`${JSON.stringify(event)}\n`);
    count += 1;
    if (count % PROGRESS_EVERY === 0) await moves.progress(move, count);
  }
  await moves.progress(move, count);
}

/** Events between two numbers for whoever looks on. */
const PROGRESS_EVERY = 500;
