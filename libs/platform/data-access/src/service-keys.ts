import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { Db } from './database.js';

/** What a key seals. */
export type KeyUse = 'nwc_url';

/** The newest key to seal to, or null while the service that opens such boxes has never run. */
export async function sealingKey(db: Db, use: KeyUse): Promise<Pubkey | null> {
  const row = await db.serviceKey.findFirst({ where: { use, retiredAt: null }, orderBy: { createdAt: 'desc' } });
  return row && pubkeySchema.parse(row.pubkey);
}

/** Publishes `pubkey` as the key to seal to and retires all others of that use. Idempotent. */
export async function publishSealingKey(
  db: Db,
  use: KeyUse,
  { pubkey, now }: { pubkey: Pubkey; now: Date },
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO service_key (pubkey, use, created_at) VALUES (${pubkey}, ${use}, ${now})
    ON CONFLICT (pubkey) DO UPDATE SET retired_at = NULL`;
  await db.$executeRaw`
    UPDATE service_key SET retired_at = ${now} WHERE use = ${use} AND pubkey <> ${pubkey} AND retired_at IS NULL`;
}
