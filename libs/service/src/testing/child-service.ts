import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@caravel/testing';
import { build } from 'esbuild';

/** Bundles a `main.ts` that uses this library, as an app is bundled, so that real signals meet a real process. */
export async function bundleMain(source: string): Promise<{ file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'caravel-service-'));
  const file = join(folder, 'main.mjs');
  await build({
    stdin: { contents: source, loader: 'ts', resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@caravel/source'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    logLevel: 'error',
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Starts a bundle with an ipc channel, as the launcher does, and collects its log lines. */
export function startChild(file: string, env: Readonly<Record<string, string>>): ChildService {
  const child = fork(file, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  let output = '';
  const ends: Promise<unknown>[] = [once(child, 'exit')]; // 'close' never comes after a disconnect
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    ends.push(once(stream, 'end'));
  }
  const ended = Promise.all(ends);
  return {
    child,
    output: () => output,
    logged: (text) => eventually(() => output.includes(text)),
    exitCode: async () => {
      await ended;
      return child.exitCode ?? child.signalCode;
    },
    opsUrl: async () => eventually(() => /"opsUrl":"([^"]+)"/.exec(output)?.[1]),
  };
}

export interface ChildService {
  child: ChildProcess;
  output: () => string;
  logged: (text: string) => Promise<unknown>;
  exitCode: () => Promise<number | string | null>;
  opsUrl: () => Promise<string>;
}
