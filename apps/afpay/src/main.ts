import { systemClock } from '@caravel/domain';
import { localParts, runAfpay } from '@caravel/pay-cli';
import { payIdMaker } from '@caravel/pay-protocol';
import { VERSION } from './version.js';

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    stopping.abort();
  });
}

process.exitCode = await runAfpay({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  clock: systemClock,
  newId: payIdMaker(),
  version: VERSION,
  signal: stopping.signal,
  local: localParts({ env: process.env, clock: systemClock }),
});
