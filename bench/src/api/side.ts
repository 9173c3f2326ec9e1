import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A server in a process of its own. */
export interface Side {
  name: string;
  port: number;
  /** CPU time it has used so far, in all its threads. */
  cpuS: () => number;
  stop: () => Promise<void>;
}

/** Starts a program that prints a line with `"url":"http://127.0.0.1:PORT"` once it listens. All sides get the same flags. */
export async function startSide(name: string, { args, cwd, env, listens = LISTENS }: StartOptions): Promise<Side> {
  const child = spawn(process.execPath, ['--max-semi-space-size=4', ...args], {
    cwd,
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output = (output + data.toString()).slice(-20_000);
      const url = listens.exec(output)?.[1];
      if (url !== undefined) resolve(Number(url));
    });
    child.once('exit', (code) => {
      reject(new Error(`${name} ended with ${String(code)}:\n${output}`));
    });
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  return {
    name,
    port,
    cpuS: () => cpuSeconds(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(impatient);
    },
  };
}

interface StartOptions {
  args: string[];
  cwd?: string | undefined;
  env?: Record<string, string>;
  /** Where to read the port in what it prints. */
  listens?: RegExp;
}

const LISTENS = /"url":"http:\/\/127\.0\.0\.1:(\d+)"/;

/** Longer than a service takes, which closes what it owns within 10 s. */
const STOP_MS = 15_000;

/** The first number of each thread's `schedstat`: nanoseconds on a CPU. proc(5)'s `stat` counts in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const cpuNs = threads.map((id) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]));
  return cpuNs.reduce((sum, each) => sum + each, 0) / 1e9;
}
