import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const app = fileURLToPath(new URL('../..', import.meta.url));
export const AFPAY = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

/** Builds the program as it is installed. */
export function bundleAfpay(): void {
  execFileSync(process.execPath, ['../../tools/bundle.mjs', '--split'], { cwd: app });
  execFileSync(process.execPath, ['package.mjs'], { cwd: app });
}

/** One run of the built program, with nothing of this process's environment. */
export function startAfpay(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  program = AFPAY,
): AfpayRun {
  return watch(spawn(process.execPath, [program, ...args], { env, stdio: PIPES }));
}

/** The package as `npm pack` makes it, unpacked below `dir`; resolves its one dependency from this checkout. Answers its `bin`. */
export function unpackPackage(dir: string): string {
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: dir,
    npm_config_update_notifier: 'false',
    npm_config_offline: 'true',
  };
  const [packed] = packSchema.parse(
    JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', dir], {
        cwd: join(app, 'dist'),
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString(),
    ),
  );
  if (!packed) throw new Error('npm packed nothing');
  execFileSync('tar', ['-xzf', packed.filename], { cwd: dir });
  symlinkSync(join(app, '../../node_modules'), join(dir, 'node_modules'));
  const { bin, dependencies } = manifestSchema.parse(
    JSON.parse(readFileSync(join(dir, 'package/package.json'), 'utf8')),
  );
  if (Object.keys(dependencies).join() !== 'libsql') throw new Error('the package needs more than libsql');
  return join(dir, 'package', bin.afpay);
}

const packSchema = z.array(z.object({ filename: z.string() }));
const manifestSchema = z.object({
  bin: z.object({ afpay: z.string() }),
  dependencies: z.record(z.string(), z.string()),
});

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
    stop: () => child.kill('SIGTERM'),
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
  stop: () => void;
  kill: () => void;
  /** The exit code. */
  done: Promise<number>;
}
