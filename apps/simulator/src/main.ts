import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { command } from './command.js';
import type { WorldPlan } from './options.js';
import { runWorld } from './run-world.js';
import type { WorkerMessage } from './run-worlds.js';

if (isMainThread) {
  process.exitCode = await command(process.argv.slice(2), {
    script: new URL(import.meta.url),
    say: (line) => process.stdout.write(`${line}\n`),
  });
} else {
  const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);
  const onDay = (day: number): void => {
    tell({ day });
  };
  const { findings } = await runWorld(workerData as WorldPlan, { onDay });
  tell({ findings });
}
