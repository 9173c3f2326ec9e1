import { randomInt } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { withDeadline } from '@caravel/service';
import type { QueueDeps } from './queue-deps.js';

/**
 * Runs at once and then every `everyMs`, give or take `jitter`, never next to itself. An error is logged and the next
 * run tried. Plain timers in the process, on purpose: a sweep finds what the queue has lost, so it must not depend on
 * the queue; and every replica may sweep, because what it finds is claimed row by row in the database.
 */
export function startSweep(
  { name, run, everyMs = 5000, jitter = 0.2, closeMs = 5000 }: SweepOptions,
  { log, clock, random = defaultRandom }: SweepDeps,
): Sweep {
  const stopping = new AbortController();
  // Whatever a run does side by side listens to it, each for as long as it takes.
  setMaxListeners(0, stopping.signal);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let wokenMeanwhile = false;

  const runOnce = async (): Promise<void> => {
    const startedAt = clock.now().getTime();
    try {
      await run(stopping.signal);
      log.trace({ sweep: name, tookMs: clock.now().getTime() - startedAt }, 'swept');
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error, sweep: name }, 'sweep failed');
    }
  };
  const begin = (): void => {
    clearTimeout(timer);
    wokenMeanwhile = false;
    running = runOnce().then(() => {
      running = undefined;
      if (!stopping.signal.aborted) schedule();
    });
  };
  const schedule = (): void => {
    const delayMs = wokenMeanwhile ? 0 : everyMs * (1 - jitter + 2 * jitter * random());
    timer = setTimeout(begin, delayMs);
  };
  begin();

  return {
    wake: () => {
      if (running) wokenMeanwhile = true;
      else if (!stopping.signal.aborted) begin();
    },
    close: async () => {
      stopping.abort(new Error('stopping'));
      clearTimeout(timer);
      // Whoever closes has a deadline of its own; a run that ignores its signal is left behind.
      if (running) await withDeadline(running, { timeoutMs: closeMs, what: name }).catch(() => undefined);
    },
  };
}

const defaultRandom = (): number => randomInt(1_000_000) / 1_000_000;

export interface Sweep {
  /** Runs now; when it is running, once more right after. For work that became due inside this process. */
  wake: () => void;
  /** Aborts the run's signal and waits for it, for `closeMs` at most. */
  close: () => Promise<void>;
}

export interface SweepOptions {
  name: string;
  /** Looks for due rows and works them off; idempotent. */
  run: (signal: AbortSignal) => Promise<void>;
  everyMs?: number;
  /** Share of `everyMs` by which each pause varies, so that replicas drift apart. */
  jitter?: number;
  closeMs?: number;
}

export interface SweepDeps extends Pick<QueueDeps, 'log' | 'clock'> {
  random?: () => number;
}
