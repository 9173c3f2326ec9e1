import { fileURLToPath } from 'node:url';
import { startSandbox as start } from '@caravel/sandbox-life';
import { migrate } from '@caravel/tools/migrate';
import { startPostgres, startRedis } from '@caravel/tools/stack';

/** Called by tools/start.mjs once everything is installed and built. */
export async function startSandbox({ args, startedAt }: { args: string[]; startedAt: number }): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The second one does not wait: what was started ends with this process.
      if (stop.signal.aborted) process.exit(1);
      stop.abort();
    });
  }
  process.exitCode = await start({
    args,
    env: process.env,
    say: (text) => {
      process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
    },
    print: (text) => {
      process.stdout.write(`${text}\n`);
    },
    stopped: stop.signal,
    tools: {
      startPostgres,
      startRedis,
      migrate,
      appsDir: fileURLToPath(new URL('../..', import.meta.url)),
      platformDir: fileURLToPath(new URL('../../../prisma/platform', import.meta.url)),
    },
  });
}
