import type { PayDb } from '@caravel/pay-store';

/** Tables that payments write; a test begins with none of their rows. */
export const PAYMENT_TABLES = [
  'spend_holds',
  'spend_events',
  'spend_buckets',
  'spend_rules',
  'spend_reservations',
  'pay_payments',
  'pay_approvals',
  'pay_requests',
  'rpc_v1_nonces',
  'test_history',
] as const;

/** Of a test that ends no machine: what is written outlives its process, and nothing has to be on the disk. */
export async function hurry(db: PayDb): Promise<void> {
  if (db.dialect === 'sqlite') await db.query('PRAGMA synchronous=OFF');
}

export async function wipe(db: PayDb): Promise<void> {
  await db.transaction(async (tx) => {
    for (const table of PAYMENT_TABLES) await tx.query(`DELETE FROM ${table}`);
  });
}
