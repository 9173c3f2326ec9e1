import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Findings } from './audit.js';
import type { WorldPlan } from './options.js';

/** Nearly everything dies young: with more room for it, less is copied. */
const YOUNG_MB = 96;

/**
 * Runs worlds side by side in threads, in order of the list; a thread runs one after another, since beginning is dear. Answers
 * those that were run: all, unless `isOver` said before one that it is not to be begun any more.
 */
export async function runWorlds(
  plans: readonly WorldPlan[],
  { script, workers, on, isOver = () => false }: RunOptions,
): Promise<WorldResult[]> {
  const waiting = [...plans.entries()];
  const results: WorldResult[] = [];
  const take = () => (isOver() ? undefined : waiting.shift());
  const work = async (): Promise<void> => {
    const thread = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    for (let next = take(); next; next = take()) {
      const [index, plan] = next;
      const findings = await runIn(thread, plan, (day) => {
        on.day(index, day);
      });
      results[index] = { plan, findings };
      on.done(index, results[index]);
    }
    const ended = once(thread, 'exit');
    thread.postMessage('end' satisfies WorldOrder);
    await ended;
  };
  await Promise.all(Array.from({ length: Math.min(workers, plans.length) }, work));
  return results;
}

async function runIn(thread: Worker, plan: WorldPlan, onDay: (day: number) => void): Promise<Findings> {
  const listening = new AbortController();
  const { signal } = listening;
  const done = new Promise<Findings>((resolve) => {
    const listen = (message: WorldMessage): void => {
      if ('day' in message) {
        onDay(message.day);
        return;
      }
      thread.off('message', listen);
      resolve(message.findings);
    };
    thread.on('message', listen);
  });
  // Rejects with the thread's error, if it has one.
  const died = once(thread, 'exit', { signal }).then(([code]) => {
    throw new Error(`the thread of seed ${plan.seed}, world ${plan.world} ended with ${String(code)}`);
  });
  thread.postMessage(plan satisfies WorldOrder);
  try {
    return await Promise.race([done, died]);
  } finally {
    died.catch(() => undefined);
    listening.abort();
  }
}

/** What a thread is given. */
export type WorldOrder = WorldPlan | 'end';

/** What a thread tells. */
export type WorldMessage = { day: number } | { findings: Findings };

export interface WorldResult {
  plan: WorldPlan;
  findings: Findings;
}

interface RunOptions {
  script: URL;
  workers: number;
  on: { day: (index: number, day: number) => void; done: (index: number, result: WorldResult) => void };
  isOver?: () => boolean;
}
