import { isMainThread, parentPort } from 'node:worker_threads';
import { command } from './command.js';
import { runGiven } from './run-given.js';

if (parentPort) await runGiven(parentPort);
else if (isMainThread) {
  process.exitCode = await command(process.argv.slice(2), {
    script: new URL(import.meta.url),
    say: (line) => process.stdout.write(`${line}\n`),
  });
}
