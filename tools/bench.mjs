// `npm run bench -- NAME` runs bench/src/NAME.ts; without a name it lists them. Each metric is one line:
// NAME.metric: VALUE UNIT (target ≥ X or ≤ X) ok|short
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { ensureInstalled, run } from './install.mjs';

const name = process.argv[2];
const names = readdirSync('bench/src')
  .flatMap((file) => /^([a-z-]+)\.ts$/.exec(file)?.[1] ?? [])
  .filter((file) => file !== 'metric');
if (!name || !existsSync(`bench/src/${name}.ts`)) {
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${names.join(', ')}`);
  process.exit(2);
}
await ensureInstalled();
await run('npx', [
  'esbuild',
  `bench/src/${name}.ts`,
  '--bundle',
  '--platform=node',
  '--target=node20',
  '--format=esm',
  '--conditions=@caravel/source',
  // The tools find their files from where they lie.
  '--external:@caravel/tools',
  '--external:pg-native',
  `--banner:js=import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);`,
  `--outfile=bench/dist/${name}.mjs`,
]);
const bench = spawn(process.execPath, [`bench/dist/${name}.mjs`, ...process.argv.slice(3)], { stdio: 'inherit' });
bench.once('exit', (code) => (process.exitCode = code ?? 1));
