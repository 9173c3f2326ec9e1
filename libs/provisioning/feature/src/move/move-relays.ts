import { AppError } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import { failureText } from '../retry-at.js';
import type { ClaimedMove, MoveState } from './move-ports.js';
import type { MoveDeps } from './move-deps.js';
import { MoveImpossibleError } from './move-impossible-error.js';
import { takeStep } from './take-step.js';
import { whileHolding } from './while-holding.js';

/**
 * What a sweep runs: works off the moves that are due, one relay after the other, so that few answer nobody at a time.
 * Every step may be repeated, by whoever finds the row after a crash: the state says what is under way, and changes when
 * it is done. A move that goes wrong too often before the switch is undone; after it, it is tried until it is done.
 */
export function moveRelays(deps: MoveRelaysDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const move = await deps.moves.takeNext();
      if (!move) return;
      const { id, relayId, source, target } = move;
      await workOn({ ...deps, log: deps.log.child({ moveId: id, relayId, source, target }) }, move, signal);
    }
  };
}

async function workOn(deps: MoveRelaysDeps, move: ClaimedMove, signal: AbortSignal): Promise<void> {
  try {
    let outcome: Awaited<ReturnType<typeof takeStep>> = 'next';
    while (outcome === 'next') {
      signal.throwIfAborted();
      const before = move.state;
      outcome = await whileHolding(deps, { move, signal }, (held) => takeStep(deps, move, held));
      if (outcome === 'next') deps.log.info({ from: before, to: move.state, events: move.events }, 'move goes on');
    }
    if (outcome === 'wait') await deps.moves.postpone(move, { retryAt: later(deps, WAIT_MS) });
    else deps.log.info({ state: outcome, events: move.events, error: move.error }, 'move ended');
  } catch (error) {
    if (signal.aborted) {
      // Stopping is no failure. Whoever comes next begins at once.
      await deps.moves.postpone(move, { retryAt: deps.clock.now() }).catch(() => undefined);
      throw error;
    }
    await fail(deps, move, error);
  }
}

/** Whoever lost the claim, or was cancelled, leaves the row to whoever has it. */
async function fail(deps: MoveRelaysDeps, move: ClaimedMove, error: unknown): Promise<void> {
  const failures = move.tries + 1;
  const givenUp = UNDOABLE.has(move.state) && (failures >= MAX_TRIES || error instanceof MoveImpossibleError);
  const level = failures >= MAX_TRIES || givenUp || !(error instanceof AppError) ? 'error' : 'warn';
  const alert = level === 'error' ? { alert: 'relay-move' } : {};
  deps.log[level]({ err: error, state: move.state, failures, ...alert }, givenUp ? 'move is undone' : 'move failed');
  const retryAt = later(deps, givenUp ? 0 : Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS));
  await deps.moves
    .postpone(move, {
      retryAt,
      error: move.state === 'undoing' ? move.error : failureText(error),
      ...(givenUp && { state: 'undoing' as const }),
    })
    .catch((lost: unknown) => {
      deps.log.warn({ err: lost }, 'somebody else works on this move');
    });
}

const later = ({ clock }: MoveRelaysDeps, ms: number): Date => new Date(clock.now().getTime() + ms);

/** From here the way back is short: the source has everything, and nobody has written anywhere else. */
const UNDOABLE = new Set<MoveState>(['planned', 'closing', 'copying', 'verifying']);
const MAX_TRIES = 5;
const FIRST_MS = 2000;
const LONGEST_MS = 60_000;
const WAIT_MS = 1000;

export interface MoveRelaysDeps extends MoveDeps {
  log: Logger;
}
