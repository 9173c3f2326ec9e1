// `npm run simulate -- --tenants 200 --months 6 --seed 7`: billing's time machine (apps/simulator). Also `--seeds 200` for
// that many seeds from `--seed` on, and `--workers 2`. Ends with 1 when a charge was doubled or lost.
import { spawn } from 'node:child_process';
import { ensureInstalled, run } from './install.mjs';

await ensureInstalled();
await run('npx', ['nx', 'build', '@caravel/simulator', '--outputStyle=static'], { NX_ISOLATE_PLUGINS: 'false' });
const simulator = spawn(process.execPath, ['apps/simulator/dist/main.mjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PLATFORM_DIR: 'prisma/platform' },
});
simulator.once('exit', (code) => (process.exitCode = code ?? 1));
