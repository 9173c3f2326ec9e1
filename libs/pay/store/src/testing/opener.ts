import { once } from 'node:events';
import { openStore } from '../open-store.js';

/** A process that opens a store when it is told to, writes one row and tells how that went. */
const [dataDir = '', name = ''] = process.argv.slice(2);
const told = once(process, 'message');
process.send?.('ready');
await told;
process.send?.(await write().catch(String));
process.disconnect();

async function write(): Promise<string> {
  const db = await openStore({ dataDir });
  await db.query('INSERT INTO spend_reservations (op_id, request_hash, state, created_at_ms) VALUES ($1, $1, $2, 0)', [
    ...[name, 'reserved'],
  ]);
  await db.close();
  return 'written';
}
