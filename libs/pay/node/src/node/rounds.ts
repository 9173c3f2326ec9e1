import type { Logger } from '@caravel/service';

/**
 * Runs `work` again and again, each time `everyMs` after the last has ended. What fails is logged and tried again. `stop` ends the
 * waiting, aborts what runs, and resolves when it has ended.
 */
export function startRounds(
  { name, everyMs, work }: { name: string; everyMs: number; work: (signal: AbortSignal) => Promise<unknown> },
  log: Pick<Logger, 'error'>,
): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const isStopping = (): boolean => signal.aborted;
  let wake: () => void = () => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (!isStopping()) {
      try {
        await work(signal);
      } catch (error) {
        if (!isStopping()) log.error({ err: error, round: name }, 'a round failed');
      }
      if (!isStopping()) await pause();
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      wake();
      await running;
    },
  };
}
