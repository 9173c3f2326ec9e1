import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const app = fileURLToPath(new URL('../..', import.meta.url));
export const AFPAY = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

/** Builds the program as it is installed. */
export function bundleAfpay(): void {
  execFileSync(process.execPath, ['../../tools/bundle.mjs', '--split'], { cwd: app });
}

/** One run of the built program, with nothing of this process's environment. */
export function startAfpay(args: readonly string[], env: Readonly<Record<string, string>> = {}): AfpayRun {
  return watch(spawn(process.execPath, [AFPAY, ...args], { env, stdio: PIPES }));
}

/** The same at a terminal, which `script` (util-linux) pretends to be. */
export function startAtTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): AfpayRun {
  const line = [process.execPath, AFPAY, ...args].map((word) => `'${word}'`).join(' ');
  const options = { env: { PATH: '/usr/bin:/bin', TERM: 'xterm', ...env }, stdio: PIPES };
  return watch(spawn('/usr/bin/script', ['-qefc', line, '/dev/null'], options));
}

function watch(child: ChildProcess): AfpayRun {
  let out = '';
  let err = '';
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (err += data.toString()));
  const done = new Promise<number>((resolve) => {
    child.once('close', (code) => {
      resolve(code ?? -1);
    });
  });
  return {
    type: (text) => child.stdin?.write(text),
    end: () => child.stdin?.end(),
    said: () => out,
    lines: () => out.split('\n').filter(Boolean),
    complained: () => err,
    kill: () => child.kill('SIGKILL'),
    done,
  };
}

const PIPES: StdioOptions = ['pipe', 'pipe', 'pipe'];

export interface AfpayRun {
  type: (text: string) => void;
  end: () => void;
  said: () => string;
  lines: () => string[];
  complained: () => string;
  kill: () => void;
  /** The exit code. */
  done: Promise<number>;
}
