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
  /** True when it ended by itself before it was ready: its configuration is wrong, and starting it again would not help. */
  refused: () => boolean;
  /** It is up: from now on it is started again whenever it dies. */
  ready: () => void;
  stop: () => Promise<void>;
}

export interface SuperviseEvents {
  say: (text: string) => void;
  onPid: (pid: number) => void;
}

const STOP_MS = 12_000;

/** A young generation of 4 MiB instead of 16: a third of a service's memory was waiting to be collected. */
const MEMORY_FLAGS = ['--max-semi-space-size=4'];

/**
 * Runs one service as a process of its own and starts it again when it dies, as an operator's process manager would. The
 * ipc channel makes the child end when this process is killed. Signals of the terminal do not reach it: it is stopped in
 * order.
 */
export function supervise(service: ServiceProcess, { say, onPid }: SuperviseEvents): Supervised {
  const log = createWriteStream(service.logFile, { flags: 'a' });
  let phase: 'starting' | 'up' | 'refused' | 'stopping' = 'starting';
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
      if (phase === 'starting' && code !== null) phase = 'refused';
      else if (phase !== 'stopping') void restart(signal ?? `code ${code}`);
    });
    if (started.pid !== undefined) onPid(started.pid);
    return started;
  }

  async function restart(why: string): Promise<void> {
    restarts += 1;
    say(`${service.name} ended (${why}); starting it again. Its log: ${service.logFile}`);
    await sleep(Math.min(100 * 2 ** restarts, 5_000));
    if (!isStopping()) child = start();
  }

  // A function, because the compiler takes `phase` for constant across the wait.
  function isStopping(): boolean {
    return phase === 'stopping';
  }

  return {
    name: service.name,
    refused: () => phase === 'refused',
    ready: () => {
      phase = 'up';
    },
    stop: async () => {
      phase = 'stopping';
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
