// `npm run fuzz -- api [--requests 1000000] [--seed N] [--minutes M]`: requests generated from the API's OpenAPI document, valid,
// invalid and at every limit, to a real gateway on a real database. Ends with 1 when an answer was not as documented, a planted
// secret came out somewhere, or the event loop stood still. What fails is printed as small as it gets, with the seed.
import { spawn } from 'node:child_process';
import { ensureInstalled, run } from './install.mjs';
import startStack from './jest-stack.mjs';
import stopStack from './jest-stack-stop.mjs';

const [what, ...options] = process.argv.slice(2);
if (what !== 'api') {
  console.error('usage: npm run fuzz -- api [--requests 1000000] [--seed N] [--minutes M]');
  process.exit(2);
}
await ensureInstalled();
await run('sh', ['-c', 'cd apps/api-gateway && node ../../tools/bundle.mjs testing/fuzz/main']);
await startStack();
const fuzz = spawn(process.execPath, ['apps/api-gateway/dist/testing/fuzz/main.mjs', ...options], { stdio: 'inherit' });
fuzz.once('exit', async (code) => {
  process.exitCode = code ?? 1;
  await stopStack();
});
