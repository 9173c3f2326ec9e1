import { AppError } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { Tx } from './database.js';

/** Under the tenant's lock: whether there is an account, and it was not deleted. Its history outlives it, and so does the lock. */
export async function isLive(tx: Tx, pubkey: Pubkey): Promise<boolean> {
  return (await tx.tenant.count({ where: { pubkey, deletedAt: null } })) > 0;
}

export const noAccount = () =>
  new AppError('tenant-missing', 'There is no account for this key yet. Create it with POST /tenants first.');
