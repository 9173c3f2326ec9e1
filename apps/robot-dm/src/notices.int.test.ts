import { chooseSignatures } from '@caravel/nostr';
import { tellNotices } from './testing/notices.js';
import { robotSetup } from './testing/robot-setup.js';

/** `npm run bench -- robot` does 10,000. */
const COUNT = Number(process.env['NOTICES'] ?? 300);

test(`${COUNT} notices through two relays are read once each, although one of them restarts (NOTICES)`, async () => {
  const quiet = { log: { info: () => undefined }, metrics: { count: () => undefined } };
  await chooseSignatures({ SIGNATURES: 'auto', SECP256K1_LIBRARY: undefined }, quiet);
  const setup = await robotSetup();
  const told = await tellNotices(setup, COUNT);
  process.stdout.write(`notices: ${JSON.stringify({ count: COUNT, ...told })}\n`);
  expect(told).toMatchObject({ readOnce: COUNT, others: 0 });
  expect(told.triedAgain).toBeGreaterThan(0);
  await setup.close();
}, 3_600_000);
