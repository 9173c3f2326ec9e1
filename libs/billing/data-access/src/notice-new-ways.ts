import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { inSqlTransaction, Prisma } from '@caravel/platform-data-access';
import type { PrismaClient, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isOpen, newWayAt } from './collection-due.js';
import { lockAccounts } from './lock-accounts.js';

type Scope = { tenantPubkey: Pubkey } | { limit: number };

/** Tenants with a wallet or card that was set and that collection has not seen, in the words of the indexes `*_unnoticed`. */
export function unnoticed(scope: Scope): Prisma.Sql {
  const of = (table: 'wallet' | 'billing', setAt: string) =>
    'limit' in scope
      ? Prisma.sql`ORDER BY ${Prisma.raw(`${table}.${setAt}`)} LIMIT ${scope.limit}`
      : Prisma.sql`AND ${Prisma.raw(table)}.tenant_pubkey = ${scope.tenantPubkey}`;
  return Prisma.sql`
    (SELECT wallet.tenant_pubkey FROM tenant_wallet wallet
     WHERE wallet.noticed_at IS DISTINCT FROM wallet.updated_at ${of('wallet', 'updated_at')})
    UNION ALL (SELECT billing.tenant_pubkey FROM tenant_billing billing
     WHERE billing.card_noticed_at IS DISTINCT FROM billing.card_changed_at ${of('billing', 'card_changed_at')})`;
}

/**
 * New wallets and cards make their tenants' open invoices due: those of one tenant, or the longest waiting ones that nobody else
 * works on. Answers of how many tenants. Idempotent.
 */
export async function noticeNewWays(client: PrismaClient, scope: Scope, { clock }: AccountDeps): Promise<number> {
  const rows = await client.$queryRaw<{ tenant_pubkey: string }[]>(unnoticed(scope));
  if (rows.length === 0) return 0;
  const tenantPubkeys = rows.map((row) => pubkeySchema.parse(row.tenant_pubkey));
  return inSqlTransaction(client, async (tx) => {
    const locked = await lockAccounts(tx, tenantPubkeys, { skipLocked: 'limit' in scope });
    if (locked.length > 0) await notice(tx, locked, clock.now());
    return locked.length;
  });
}

/** Only ever brings a try forward. A card that changes meanwhile stays unnoticed: what is marked is what was looked at. */
async function notice(tx: Sql, tenantPubkeys: readonly Pubkey[], now: Date): Promise<void> {
  const pubkeys = [...tenantPubkeys];
  await tx.$executeRaw`
    WITH way AS (
      SELECT tenant.pubkey, billing.card_changed_at, wallet.updated_at, ${newWayAt(now)} AS at
      FROM unnest(${pubkeys}::text[]) AS tenant(pubkey)
      LEFT JOIN tenant_wallet wallet ON wallet.tenant_pubkey = tenant.pubkey
      LEFT JOIN tenant_billing billing ON billing.tenant_pubkey = tenant.pubkey
    ), seen_wallet AS (
      UPDATE tenant_wallet SET noticed_at = way.updated_at FROM way
      WHERE tenant_wallet.tenant_pubkey = way.pubkey AND tenant_wallet.noticed_at IS DISTINCT FROM way.updated_at
    ), seen_card AS (
      UPDATE tenant_billing SET card_noticed_at = way.card_changed_at FROM way
      WHERE tenant_billing.tenant_pubkey = way.pubkey AND tenant_billing.card_noticed_at IS DISTINCT FROM way.card_changed_at)
    UPDATE invoice SET next_try_at = way.at FROM way
    WHERE invoice.tenant_pubkey = way.pubkey AND ${isOpen} AND way.at < invoice.next_try_at`;
}
