// `npm run proof -- billing [--invoices 10000] [--minutes 5] [--seed 7]`: a real service collects invoices while it is killed, Redis is
// emptied, connections are cut at COMMIT, and wallets and Stripe lose answers. Ends with 1 when a charge was doubled or lost.
import { spawn } from 'node:child_process';
import { ensureInstalled, run } from './install.mjs';
import startStack from './jest-stack.mjs';
import stopStack from './jest-stack-stop.mjs';

const [what, ...options] = process.argv.slice(2);
if (what !== 'billing') {
  console.error('usage: npm run proof -- billing [--invoices 10000] [--minutes 5] [--seed 7]');
  process.exit(2);
}
await ensureInstalled();
await run('sh', ['-c', 'cd apps/billing-service && node ../../tools/bundle.mjs testing/proof/main']);
await startStack();
const proof = spawn(process.execPath, ['apps/billing-service/dist/testing/proof/main.mjs', ...options], {
  stdio: 'inherit',
});
proof.once('exit', async (code) => {
  process.exitCode = code ?? 1;
  await stopStack();
});
