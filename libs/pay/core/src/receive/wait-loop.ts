import { PayError } from '@caravel/pay-protocol';
import type { RequestKey } from '@caravel/pay-provider';
import type { Logger } from '@caravel/service';
import { toldError } from '../control/told-error.js';
import type { ReceiveRow } from './receive-rows.js';

/**
 * Looks again and again: often while somebody here waits, now and then for what others left behind. The timer keeps the process
 * alive only for those who wait.
 */
export function waitLoop({ tick, waiting, find, log }: LoopDeps) {
  const waiters = new Set<Waiter>();
  const tell = async (request: RequestKey): Promise<void> => {
    const own = [...waiters].filter((waiter) => keyOf(waiter.request) === keyOf(request));
    const row = own.length > 0 ? await find(request) : undefined;
    if (row) for (const waiter of own) waiter.resolve(row);
  };
  const loop = timedLoop({
    turn: async () => {
      try {
        await tick();
        if (waiters.size === 0) return;
        // What another process ended is no longer among those that wait.
        const open = new Set((await waiting()).map(keyOf));
        for (const { request } of [...waiters]) if (!open.has(keyOf(request))) await tell(request);
      } catch (error) {
        toldError(error, log);
      }
    },
    everyMs: () => Math.min(IDLE_MS, ...[...waiters].map(({ everyMs }) => everyMs)),
    isNeeded: () => waiters.size > 0,
  });

  return {
    /** It may be over. */
    tell,
    /** There is more to look at. */
    soon: loop.soon,
    over: (request: RequestKey, { everyMs, signal }: Attention): Promise<ReceiveRow> =>
      new Promise<ReceiveRow>((resolve, reject) => {
        const waiter = { request, everyMs: Math.min(everyMs, ATTENDED_MS), resolve: end(resolve), reject: end(reject) };
        const leave = (): void => {
          waiter.reject(stillWaiting());
        };
        function end<Value>(settle: (value: Value) => void): (value: Value) => void {
          return (value) => {
            waiters.delete(waiter);
            signal.removeEventListener('abort', leave);
            settle(value);
          };
        }
        waiters.add(waiter);
        signal.addEventListener('abort', leave, { once: true });
        if (signal.aborted || loop.isStopped()) leave();
        loop.soon();
      }),
    /** Resolves when the turn that runs is over. */
    stop: async (): Promise<void> => {
      const last = loop.stop();
      for (const { reject } of [...waiters]) reject(stillWaiting());
      await last;
    },
  };
}

const keyOf = ({ keyName, id }: RequestKey): string => `${keyName}\0${id}`;

/** One turn after another, never two at once. */
function timedLoop({ turn, everyMs, isNeeded }: LoopTimes) {
  let timer: NodeJS.Timeout | undefined;
  let state: 'idle' | 'running' | 'again' | 'stopped' = 'idle';

  const schedule = (inMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), inMs);
    if (!isNeeded()) timer.unref();
  };
  const isStopped = () => state === 'stopped';
  let last: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    state = 'running';
    last = turn();
    await last;
    if (isStopped()) return;
    const isWanted = (state as string) === 'again';
    state = 'idle';
    schedule(isWanted ? 0 : everyMs());
  };

  schedule(FIRST_MS);
  return {
    isStopped,
    soon: (): void => {
      if (state === 'running') state = 'again';
      else if (state === 'idle') schedule(0);
    },
    stop: (): Promise<void> => {
      state = 'stopped';
      clearTimeout(timer);
      return last;
    },
  };
}

const stillWaiting = (): PayError =>
  new PayError('in_progress', 'not paid yet, and still waited for', { hint: 'Ask `watch` for it by its request id' });

/** A start that only does something else is not slowed. */
const FIRST_MS = 1_000;
const ATTENDED_MS = 1_000;
const IDLE_MS = 5_000;

interface Waiter {
  request: RequestKey;
  everyMs: number;
  resolve: (row: ReceiveRow) => void;
  reject: (error: Error) => void;
}

export interface Attention {
  everyMs: number;
  signal: AbortSignal;
}

interface LoopTimes {
  turn: () => Promise<void>;
  everyMs: () => number;
  /** Somebody in this process waits for a turn. */
  isNeeded: () => boolean;
}

interface LoopDeps {
  tick: () => Promise<void>;
  /** Those that are not over. */
  waiting: () => Promise<RequestKey[]>;
  /** The row once it is over. */
  find: (request: RequestKey) => Promise<ReceiveRow | undefined>;
  log: Logger;
}
