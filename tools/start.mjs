// `npm start`: the whole system in one terminal, with a guided tenant's life. `npm start -- --help` lists the options.
import { ensureInstalled, run } from './install.mjs';

const startedAt = performance.now();
const say = (text) => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);

try {
  if (!process.argv.includes('--help')) say('Caravel starts');
  await ensureInstalled(say);
  if (!process.argv.includes('--help')) say('building what changed');
  await run('npx', ['nx', 'run-many', '-t', 'build', '--outputStyle=static'], { NX_ISOLATE_PLUGINS: 'false' });
  const sandbox = new URL('../apps/sandbox/dist/main.mjs', import.meta.url);
  const { startSandbox } = await import(sandbox.href);
  await startSandbox({ args: process.argv.slice(2), startedAt });
} catch (error) {
  console.error(`\nCaravel did not start: ${error.message}`);
  process.exitCode = 1;
}
