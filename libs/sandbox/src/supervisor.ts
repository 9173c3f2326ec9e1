import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServiceProcess {
  name: string;
  /** The bundle to run. */
  file: string;
  env: Record<string, string>;
  logFile: string;
}

export interface Supervised {
  name: string;
  pid: () => number;
  stop: () => Promise<void>;
}

const STOP_MS = 12_000;

/** A young generation of 4 MiB instead of 16: a third of a service's memory was waiting to be collected. */
const MEMORY_FLAGS = ['--max-semi-space-size=4'];

/**
 * Runs one service as a process of its own and starts it again when it dies, as an operator's process manager would. The
 * ipc channel makes the child end when this process is killed. Signals of the terminal do not reach it: it is stopped in
 * order.
 */
export function supervise(service: ServiceProcess, onRestart: (text: string) => void): Supervised {
  const log = createWriteStream(service.logFile, { flags: 'a' });
  let stopping = false;
  let restarts = 0;
  let child = start();

  function start(): ChildProcess {
    const started = spawn(process.execPath, [...MEMORY_FLAGS, service.file], {
      env: service.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    started.stdout?.pipe(log, { end: false });
    started.stderr?.pipe(log, { end: false });
    started.once('exit', (code, signal) => {
      if (!stopping) void restart(signal ?? `code ${code}`);
    });
    return started;
  }

  async function restart(why: string): Promise<void> {
    restarts += 1;
    onRestart(`${service.name} ended (${why}); starting it again. Its log: ${service.logFile}`);
    await sleep(Math.min(100 * 2 ** restarts, 5_000));
    if (isStopping()) return;
    child = start();
    onRestart('');
  }

  // A function, because the compiler takes `stopping` for constant across the wait.
  function isStopping(): boolean {
    return stopping;
  }

  return {
    name: service.name,
    pid: () => child.pid ?? 0,
    stop: async () => {
      stopping = true;
      await stopChild(child);
      log.end();
    },
  };
}

/** SIGTERM, and SIGKILL when that was not enough. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(hard);
}
