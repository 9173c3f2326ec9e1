import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/**
 * Starts a command line of the operator's in a shell, to be fed on stdin at its own pace. Of what it prints the end is
 * kept. When `signal` aborts, it and whatever it started are told to end, and killed 2 s later.
 */
export function runProgram(command: string, { env, signal }: RunOptions): RunningProgram {
  // A group of its own: the shell would die alone otherwise.
  const child = spawn('/bin/sh', ['-c', command], { env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const printed = tail(child.stdout, child.stderr);
  const exit = exitOf(child);
  const { stdin } = child;
  stdin.on('error', () => undefined); // it has ended, or will not read: `exit` tells
  const stop = () => {
    endGroup(child, 'SIGTERM');
    setTimeout(() => {
      endGroup(child, 'SIGKILL');
    }, KILL_AFTER_MS).unref();
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  void exit.then(() => {
    signal.removeEventListener('abort', stop);
  });

  return {
    write: async (text) => {
      if (!stdin.writable) return false;
      if (stdin.write(text)) return true;
      await Promise.race([once(stdin, 'drain').catch(() => undefined), exit]);
      return stdin.writable;
    },
    end: async () => {
      stdin.end();
      const code = await exit;
      return { code, printed: printed() };
    },
    abandon: async () => {
      stop();
      await exit;
    },
  };
}

/** Resolves when it has ended and nothing more can be printed; null when a signal ended it or it could not be started. */
function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.on('error', () => {
      resolve(null);
    });
    child.on('close', resolve);
  });
}

function endGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended in this moment.
  }
}

function tail(...streams: Readable[]): () => string {
  let text = '';
  for (const stream of streams) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-MAX_PRINTED_CHARS);
    });
  }
  return () => text;
}

const KILL_AFTER_MS = 2000;
const MAX_PRINTED_CHARS = 4096;

export interface RunningProgram {
  /** Resolves when more may be written; false: it reads no more. */
  write: (text: string) => Promise<boolean>;
  /** No more input: waits for its end. `code` null: ended by a signal, or never started. */
  end: () => Promise<{ code: number | null; printed: string }>;
  /** Ends it before it has seen the end of its input, which it would take for all of it. */
  abandon: () => Promise<void>;
}

interface RunOptions {
  /** All of its environment. */
  env: Readonly<Record<string, string>>;
  signal: AbortSignal;
}
