import { PayError } from '@caravel/pay-protocol';
import type { RequestKey } from '@caravel/pay-provider';
import type { HistoryBook, WalletBook } from '../books.js';
import { toldError } from '../control/told-error.js';
import type { CoreDeps } from '../pay-call.js';
import { LOOK_TIMEOUT_MS } from './look.js';
import { isOver } from './receive-rows.js';
import type { ReceiveRow, ReceiveRows } from './receive-rows.js';
import { waitLoop } from './wait-loop.js';
import type { Attention } from './wait-loop.js';
import { waitVisit } from './wait-visit.js';

/**
 * The waits of this process. They are rows: one loop looks at those that are due and that no other process looks at, whoever
 * asked for them and whether that one is still there.
 */
export function receiveWaits(deps: WaitsDeps) {
  const { rows, clock, log, newId } = deps;
  const owner = newId('req_');
  const visit = waitVisit({ ...deps, owner });
  const closing = new AbortController();
  const looking = new Set<Promise<void>>();
  const nowMs = () => clock.now().getTime();
  /** More is due than can be looked at at once. */
  let isFull = false;

  /** Takes what is due, as far as there is room, and looks at it; resolves with the looks, which go on by themselves. */
  const begin = async (signal: AbortSignal, soon = false): Promise<Promise<void>[]> => {
    const begun: Promise<void>[] = [];
    const limit = Math.max(AT_ONCE - looking.size, 0);
    const due = await rows.due(nowMs(), { limit, soon });
    isFull = due.length === limit;
    for (const row of due) {
      if (signal.aborted || !(await rows.lease(row, { owner, untilMs: nowMs() + LEASE_MS }, nowMs()))) continue;
      const visited = visit(row, signal)
        .finally(() => {
          looking.delete(visited);
          if (isFull) loop.soon();
          return loop.tell(row.request);
        })
        // The lease runs out by itself.
        .catch((error: unknown) => {
          toldError(error, log);
        });
      looking.add(visited);
      begun.push(visited);
    }
    return begun;
  };

  const loop = waitLoop({
    log,
    waiting: rows.waiting,
    // The looks go on by themselves.
    tick: () => begin(closing.signal).then(() => undefined),
    find: async (request: RequestKey) => {
      const row = await rows.find(request);
      return row && isOver(row) ? row : undefined;
    },
  });

  return {
    /** Resolves with the row once it is over. Throws `in_progress` when `signal` ends before; the wait goes on then. */
    over: (request: RequestKey, attention: Attention): Promise<ReceiveRow> => loop.over(request, attention),
    /** One look at everything that waits, also before its time. */
    round: async (signal: AbortSignal): Promise<{ asked: number; open: number }> => {
      const looks = await begin(signal, true);
      await Promise.all(looks);
      return { asked: looks.length, open: (await rows.waiting()).length };
    },
    close: async (): Promise<void> => {
      closing.abort(new PayError('unavailable', 'the node stops'));
      await loop.stop();
      await Promise.all([...looking]);
    },
  };
}
export type ReceiveWaits = ReturnType<typeof receiveWaits>;

/** Longer than a look takes, so that only a process that died loses it. */
const LEASE_MS = LOOK_TIMEOUT_MS * 2;
const AT_ONCE = 32;

export interface WaitsDeps extends Pick<CoreDeps, 'db' | 'clock' | 'log' | 'newId'> {
  rows: ReceiveRows;
  wallets: WalletBook;
  history: HistoryBook;
}
