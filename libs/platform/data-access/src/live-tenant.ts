import { AppError } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import type { Sql } from './sql/sql.js';

/** Under the tenant's lock: whether there is an account, and it was not deleted. Its history outlives it, and so does the lock. */
export async function isLive(tx: Sql, pubkey: Pubkey): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`SELECT FROM tenant WHERE pubkey = ${pubkey} AND deleted_at IS NULL`;
  return rows.length > 0;
}

export const noAccount = () =>
  new AppError('tenant-missing', 'There is no account for this key yet. Create it with POST /tenants first.');
