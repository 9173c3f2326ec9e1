import { AppError, fromUnixSeconds, pubkeySchema, unixSeconds } from '@caravel/domain';
import type { Pubkey, Tenant } from '@caravel/domain';
import { inSqlTransaction } from './database.js';
import type { Db } from './database.js';
import { lockedHistory, lockTenant } from './history.js';
import type { HistoryDeps } from './history.js';
import { isLive } from './live-tenant.js';
import { decodeCursor, encodeCursor, pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';
import type { Sql } from './sql/sql.js';
import { removeTenant } from './tenant-removal.js';
import type { TenantAccount } from './tenant-removal.js';
import { readTenant, toTenant, withParts } from './tenant-row.js';

/** What a tenant asked to change. `wallet` null disconnects; absent fields stay. */
export interface TenantChanges {
  returnUrl?: string;
  wallet?: { sealedUrl: string; sealPubkey: Pubkey } | null;
}

export type TenantStore = ReturnType<typeof tenantStore>;

/** Reads and writes of tenants; every write with its activity in one transaction under the tenant's lock. */
export function tenantStore(db: Db, deps: HistoryDeps) {
  return {
    find: (pubkey: Pubkey) => find(db, pubkey),
    list: (page: PageRequest) => list(db, page),

    /** Whose customer it is at Stripe. */
    findByCustomer: async (stripeCustomerId: string): Promise<Pubkey | null> => {
      if (stripeCustomerId === '') return null;
      const row = await db.tenantBilling.findFirst({ where: { stripeCustomerId }, select: { tenantPubkey: true } });
      return row && pubkeySchema.parse(row.tenantPubkey);
    },

    /** Idempotent: the row that exists is answered unchanged, also when several calls race. One that was deleted begins anew. */
    ensure: (account: { pubkey: Pubkey; returnUrl?: string }): Promise<Tenant> => ensure(db, account, deps),

    /** Takes the account and its relays out of sight, as `removeTenant` says. Throws `not-found`, and what `check` throws. */
    remove: (target: { pubkey: Pubkey; actor: Pubkey }, check: (account: TenantAccount) => void): Promise<void> =>
      removeTenant(db, target, { check, deps }),

    /** Throws `tenant-missing`, and `not-found` when it was deleted. Writes nothing when nothing is asked for. */
    update: async (pubkey: Pubkey, actor: Pubkey, changes: TenantChanges): Promise<Tenant> => {
      await inSqlTransaction(db, async (tx) => {
        const history = await lockTenant(tx, pubkey, deps);
        if (!(await isLive(tx, pubkey))) throw new AppError('not-found', 'This account was deleted.');
        if (changes.returnUrl === undefined && changes.wallet === undefined) return;
        if (changes.returnUrl !== undefined) {
          await tx.$executeRaw`UPDATE tenant SET return_url = ${changes.returnUrl} WHERE pubkey = ${pubkey}`;
        }
        if (changes.wallet !== undefined)
          await writeWallet(tx, pubkey, { wallet: changes.wallet, now: deps.clock.now() });
        await history.append({
          type: 'update_tenant',
          resourceType: 'tenant',
          resourceId: pubkey,
          actor,
          snapshot: null,
        });
      });
      return findWritten(db, pubkey);
    },
  };
}

async function ensure(
  db: Db,
  { pubkey, returnUrl = '' }: { pubkey: Pubkey; returnUrl?: string },
  deps: HistoryDeps,
): Promise<Tenant> {
  const known = await find(db, pubkey);
  if (known) return known;
  await inSqlTransaction(db, async (tx) => {
    const now = deps.clock.now();
    const count = await tx.$executeRaw`
      WITH added AS (
        INSERT INTO tenant (pubkey, return_url, created_at) VALUES (${pubkey}, ${returnUrl}, ${now})
        ON CONFLICT DO NOTHING RETURNING pubkey)
      INSERT INTO tenant_history (pubkey, at) SELECT pubkey, ${fromUnixSeconds(unixSeconds(now))}::timestamptz FROM added`;
    // A row that was just inserted nobody else can see.
    const history = count > 0 ? lockedHistory(tx, pubkey, deps) : await lockTenant(tx, pubkey, deps);
    const isNew = count > 0 || (await beginAnew(tx, { pubkey, returnUrl, now }));
    if (!isNew) return;
    await history.append({
      type: 'create_tenant',
      resourceType: 'tenant',
      resourceId: pubkey,
      actor: pubkey,
      snapshot: null,
    });
  });
  return findWritten(db, pubkey);
}

/** Under the lock: an account that was deleted begins anew. False when it was not. */
async function beginAnew(
  tx: Sql,
  { pubkey, returnUrl, now }: { pubkey: Pubkey; returnUrl: string; now: Date },
): Promise<boolean> {
  const begun = await tx.$executeRaw`
    UPDATE tenant SET return_url = ${returnUrl}, created_at = ${now}, deleted_at = NULL
    WHERE pubkey = ${pubkey} AND deleted_at IS NOT NULL`;
  return begun > 0;
}

async function writeWallet(
  tx: Sql,
  tenantPubkey: Pubkey,
  { wallet, now }: { wallet: NonNullable<TenantChanges['wallet']> | null; now: Date },
): Promise<void> {
  const data = { sealedUrl: wallet?.sealedUrl ?? null, sealPubkey: wallet?.sealPubkey ?? null, updatedAt: now };
  await tx.$executeRaw`
    INSERT INTO tenant_wallet (tenant_pubkey, sealed_url, seal_pubkey, updated_at)
    VALUES (${tenantPubkey}, ${data.sealedUrl}, ${data.sealPubkey}, ${now})
    ON CONFLICT (tenant_pubkey) DO UPDATE
      SET sealed_url = excluded.sealed_url, seal_pubkey = excluded.seal_pubkey, updated_at = excluded.updated_at`;
}

async function find(db: Db, pubkey: Pubkey): Promise<Tenant | null> {
  const row = await readTenant(db, pubkey);
  return row && row.deletedAt === null ? toTenant(row) : null;
}

/** Also one that was deleted meanwhile. */
async function findWritten(db: Db, pubkey: Pubkey): Promise<Tenant> {
  const row = await readTenant(db, pubkey);
  if (!row) throw new AppError('internal', 'The account disappeared.');
  return toTenant(row);
}

async function list(db: Db, { limit, cursor }: PageRequest): Promise<Page<Tenant>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await db.tenant.findMany({
    where: {
      deletedAt: null,
      ...(after && {
        createdAt: { lte: new Date(after.position) },
        OR: [{ createdAt: { lt: new Date(after.position) } }, { pubkey: { gt: after.key } }],
      }),
    },
    include: withParts,
    orderBy: [{ createdAt: 'desc' }, { pubkey: 'asc' }],
    take: limit + 1,
  });
  return pageOf(rows, {
    limit,
    cursorOf: (row) => encodeCursor({ position: row.createdAt.getTime(), key: row.pubkey }),
    map: toTenant,
  });
}
