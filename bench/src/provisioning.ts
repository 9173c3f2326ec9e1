// How soon a new relay answers, and how fast a zooid that has lost everything has it all again: gateway, queue, provisioner and
// zooid's stand-in, each in a process of its own, on a durable PostgreSQL.
//   npm run bench -- provisioning            150 new relays, then 10,000 at once
//   npm run bench -- provisioning --small    50 and 1,000
import { firstAnswers } from './provisioning/first-answers.js';
import { resync } from './provisioning/resync.js';
import { provisioningWorld } from './provisioning/world.js';
import { serveZooid } from './provisioning/zooid.js';

const [mode, dir = '', whitelist = ''] = process.argv.slice(2);

if (mode === 'zooid') await serveZooid({ dir, whitelist: [whitelist] });
else {
  const size = mode === '--small' ? { created: 50, lost: 1_000 } : { created: 150, lost: 10_000 };
  const world = await provisioningWorld();
  try {
    await firstAnswers(world, size.created);
    await resync(world, size.lost);
  } finally {
    await world.close();
  }
}
