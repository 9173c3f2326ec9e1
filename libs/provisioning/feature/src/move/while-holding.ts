import { setTimeout as delay } from 'node:timers/promises';
import type { ClaimedMove, Moves } from './move-ports.js';

/**
 * Runs a step and keeps the move for as long as that takes: an import program may think for minutes after the last event.
 * The step's signal ends when the move was lost to somebody else, or cancelled.
 */
export async function whileHolding<Outcome>(
  { moves, holdEveryMs = 4000 }: { moves: Pick<Moves, 'hold'>; holdEveryMs?: number | undefined },
  { move, signal }: { move: ClaimedMove; signal: AbortSignal },
  step: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  const [lost, ended] = [new AbortController(), new AbortController()];
  const hold = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await delay(holdEveryMs, undefined, { signal: ended.signal, ref: false });
      // A database that is away for a moment takes the move from nobody.
      if (!(await moves.hold(move).catch(() => true))) lost.abort(new Error('somebody else has this move'));
    }
  };
  const stop = (): void => {
    lost.abort(signal.reason);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  const holding = hold().catch(() => undefined);
  try {
    return await step(lost.signal);
  } finally {
    signal.removeEventListener('abort', stop);
    ended.abort();
    await holding;
  }
}
