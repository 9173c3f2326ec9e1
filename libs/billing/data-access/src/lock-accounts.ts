import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { Prisma } from '@caravel/platform-data-access';
import type { Sql } from '@caravel/platform-data-access';

/**
 * Takes the history rows of several tenants, always in the same order, so that two batches can't wait for each other. With
 * `skipLocked` tenants somebody else is working on are left out. Answers those that exist and are now ours.
 */
export async function lockAccounts(
  tx: Sql,
  tenantPubkeys: readonly Pubkey[],
  { skipLocked }: { skipLocked: boolean },
): Promise<Pubkey[]> {
  const waiting = skipLocked ? Prisma.sql`SKIP LOCKED` : Prisma.empty;
  const rows = await tx.$queryRaw<{ pubkey: string }[]>`
    SELECT pubkey FROM tenant_history WHERE pubkey = ANY(${[...tenantPubkeys]}) ORDER BY pubkey FOR UPDATE ${waiting}`;
  return rows.map(({ pubkey }) => pubkeySchema.parse(pubkey));
}
