import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FuzzReport } from './fuzz-report.js';

const app = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs the fuzzer as `npm run fuzz` does, bundled and in a process of its own, on the servers of this run of jest. */
export async function runFuzzProcess({ requests, seed }: { requests: number; seed: number }): Promise<FuzzReport> {
  execFileSync(process.execPath, ['../../tools/bundle.mjs', 'testing/fuzz/main'], { cwd: app });
  const child = fork(`${app}/dist/testing/fuzz/main.mjs`, ['--requests', String(requests), '--seed', String(seed)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
  let report: FuzzReport | undefined;
  child.on('message', (message) => (report = message as FuzzReport));
  await once(child, 'exit');
  if (!report) throw new Error(`the fuzzer ended without a report: ${errors.slice(-2000)}`);
  return report;
}
