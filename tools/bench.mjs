// `npm run bench -- NAME` runs bench/src/NAME.ts; without a name it lists them. Each metric is one line:
// NAME.metric: VALUE UNIT (target ≥ X or ≤ X) ok|short
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { ensureInstalled } from './install.mjs';

const name = process.argv[2];
const names = readdirSync('bench/src')
  .flatMap((file) => /^([a-z-]+)\.ts$/.exec(file)?.[1] ?? [])
  .filter((file) => file !== 'metric');
if (!name || !existsSync(`bench/src/${name}.ts`)) {
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${names.join(', ')}`);
  process.exit(2);
}
await ensureInstalled();
// Both are there once installed.
const { build } = await import('esbuild');
const { bundleOptions } = await import('./bundle-options.mjs');
await build({
  ...bundleOptions,
  entryPoints: [`bench/src/${name}.ts`],
  outfile: `bench/dist/${name}.mjs`,
  logLevel: 'warning',
  // The tools find their files from where they lie.
  external: [...bundleOptions.external, '@caravel/tools'],
});
const bench = spawn(process.execPath, [`bench/dist/${name}.mjs`, ...process.argv.slice(3)], { stdio: 'inherit' });
bench.once('exit', (code) => (process.exitCode = code ?? 1));
