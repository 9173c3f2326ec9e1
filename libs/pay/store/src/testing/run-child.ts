import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles a test's child program, so that real processes share a store. Beside it is `node_modules`, for what is native. */
export async function bundleChild(
  source: URL,
): Promise<{ start: (...args: string[]) => ChildProcess; remove: () => void }> {
  const outfile = fileURLToPath(
    new URL(`../../dist/${basename(source.pathname, '.ts')}.${process.pid}.mjs`, import.meta.url),
  );
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@caravel/source'],
    external: ['libsql', 'pg-native'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    logLevel: 'error',
  });
  return {
    start: (...args) => fork(outfile, args, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    remove: () => {
      rmSync(outfile);
    },
  };
}
