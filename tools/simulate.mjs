// `npm run simulate -- --tenants 200 --months 6 --seed 7`: billing's time machine (apps/simulator). Also `--seeds 200` for
// that many seeds from `--seed` on, and `--workers 2`. Ends with 1 when a charge was doubled or lost.
import { spawn } from 'node:child_process';
import { ensureInstalled, run } from './install.mjs';
import startStack from './jest-stack.mjs';
import stopStack from './jest-stack-stop.mjs';
import { startPostgres } from './stack.mjs';

await ensureInstalled();
await run('npx', ['nx', 'build', '@caravel/simulator', '--outputStyle=static'], { NX_ISOLATE_PLUGINS: 'false' });
// Its statements are small and many, and each crosses what lies between the two twice.
const postgres = process.env.TEST_DATABASE_URL ? undefined : await startPostgres({ durable: false });
if (postgres) process.env.TEST_DATABASE_URL = postgres.socketUrl('postgres');
await startStack();
const simulator = spawn(process.execPath, ['apps/simulator/dist/main.mjs', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
simulator.once('exit', async (code) => {
  process.exitCode = code ?? 1;
  await stopStack();
  await postgres?.stop();
});
