// What limits and encryption cost a payment, against books that load everything and against bare gRPC.
//   npm run bench -- pay                  all of it
//   npm run bench -- pay limits           or one part
//   npm run bench -- pay rpc
import { limits } from './pay/limits.js';
import { rpc } from './pay/rpc.js';
import { serveNode, servePlain } from './pay/rpc-sides.js';

const [part = 'all', side] = process.argv.slice(2);

if (part === 'serve') await (side === 'plain' ? servePlain() : serveNode());
if (part === 'limits' || part === 'all') await limits();
if (part === 'rpc' || part === 'all') await rpc();
