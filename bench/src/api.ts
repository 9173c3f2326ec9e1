// The public API against Express on its own: every server in a process of its own, driven in turns by the same load.
//   npm run bench -- api             7 rounds
//   npm run bench -- api --small     5 rounds of a quarter of the requests, lists up to 10,000 tenants
import { gateways } from './api/gateway.js';
import { identity } from './api/identity.js';
import { lists } from './api/lists.js';
import { otherRoutes } from './api/other-routes.js';
import { servePeer } from './api/peer.js';

const [mode, authentication = '', url = ''] = process.argv.slice(2);

if (mode === 'serve') servePeer(authentication, url);
else {
  const size =
    mode === '--small'
      ? { rounds: 5, requests: 500, tenants: [1_000, 10_000] }
      : { rounds: 7, requests: 2_000, tenants: [1_000, 10_000, 100_000] };
  const ours = await gateways();
  try {
    await identity(ours, size);
    await otherRoutes(ours, size);
    await lists(ours, size);
  } finally {
    await ours.close();
  }
}
