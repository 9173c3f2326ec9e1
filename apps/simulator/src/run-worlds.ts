import { Worker } from 'node:worker_threads';
import type { WorldPlan } from './options.js';
import type { Findings } from './audit.js';

/** Runs worlds side by side in threads, in order of the list. */
export async function runWorlds(
  plans: readonly WorldPlan[],
  { script, workers, on }: RunOptions,
): Promise<WorldResult[]> {
  const waiting = [...plans.entries()];
  const results: WorldResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, plan] = next;
      results[index] = {
        plan,
        findings: await inThread(script, plan, (day) => {
          on.day(index, day);
        }),
      };
      on.done(index, results[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, plans.length) }, work));
  return results;
}

function inThread(script: URL, plan: WorldPlan, onDay: (day: number) => void): Promise<Findings> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: plan });
    worker.on('message', (message: WorkerMessage) => {
      if ('day' in message) onDay(message.day);
      else resolve(message.findings);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the thread of seed ${plan.seed}, world ${plan.world} ended with ${code}`));
    });
  });
}

/** What a thread tells. */
export type WorkerMessage = { day: number } | { findings: Findings };

export interface WorldResult {
  plan: WorldPlan;
  findings: Findings;
}

interface RunOptions {
  script: URL;
  workers: number;
  on: { day: (index: number, day: number) => void; done: (index: number, result: WorldResult) => void };
}
