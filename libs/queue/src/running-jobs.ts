import { setMaxListeners } from 'node:events';
import { withDeadline } from '@caravel/service';

/** The handlers that run right now, and how they are told to stop. */
export function runningJobs(): RunningJobs {
  const running = new Map<AbortController, Promise<unknown>>();
  let stopping = false;

  return {
    run: async ({ maxRunMs }, job) => {
      const controller = new AbortController();
      // Whatever a handler does side by side listens to it, each for as long as it takes.
      setMaxListeners(0, controller.signal);
      const timer = setTimeout(() => {
        controller.abort(new Error(`not done within ${maxRunMs} ms`));
      }, maxRunMs);
      const work = job(controller.signal);
      running.set(controller, work);
      if (stopping) controller.abort(new Error('stopping'));
      try {
        return await work;
      } finally {
        clearTimeout(timer);
        running.delete(controller);
      }
    },
    stop: async ({ graceMs }) => {
      stopping = true;
      const all = Promise.allSettled(running.values());
      // A handler that is nearly done ends by itself; cutting it off would only repeat its work.
      await withDeadline(all, { timeoutMs: graceMs, what: 'running jobs' }).catch(() => undefined);
      for (const controller of running.keys()) controller.abort(new Error('stopping'));
    },
  };
}

export interface RunningJobs {
  run: <Result>(limits: { maxRunMs: number }, job: (signal: AbortSignal) => Promise<Result>) => Promise<Result>;
  /** Waits `graceMs` for what runs, then aborts it. */
  stop: (options: { graceMs: number }) => Promise<void>;
}
