import { randomBytes as nodeRandomBytes } from 'node:crypto';
import type { PayDb } from '@caravel/pay-store';

/** The 16 bytes that name a node, made with its store and never changed; processes that start at once end with the same. */
export async function nodeIdentity(
  db: PayDb,
  nowMs: number,
  randomBytes: (size: number) => Uint8Array = nodeRandomBytes,
): Promise<Uint8Array> {
  const known = await read(db);
  if (known) return known;
  await db.query(KEEP, [randomBytes(16), nowMs]);
  const kept = await read(db);
  if (!kept) throw new Error('the store forgets');
  return kept;
}

async function read(db: PayDb): Promise<Uint8Array | undefined> {
  const [row] = await db.query("SELECT node_id FROM node_identity WHERE name = 'node'");
  return row?.node_id instanceof Uint8Array ? row.node_id : undefined;
}

const KEEP = `INSERT INTO node_identity (name, node_id, created_at_ms) VALUES ('node', $1, $2) ON CONFLICT (name) DO NOTHING`;
