import { dunningStep } from '@caravel/billing-domain';
import type { DunningStep } from '@caravel/billing-domain';
import { idSchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { addMessage, inTransaction, lockTenant } from '@caravel/platform-data-access';
import type { LockedHistory, PrismaClient, Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { dunningAccounts, NOTICE_TEMPLATE } from './dunning-accounts.js';
import type { DunnedAccount, DunningPage, OverdueCursor } from './dunning-accounts.js';
import { pauseTenant } from './pause-tenant.js';
import { replayAccounts } from './replay-accounts.js';
import { restoreIfPaid } from './restore-tenant.js';
import { writeOffTenant } from './write-off-tenant.js';

/** More than a tenant may have. */
const MAX_RELAYS = 100;

export interface DunningDeps extends AccountDeps {
  /** `BILLING_GRACE_DAYS`: how long an invoice may be open. */
  graceDays: number;
}

/** A tenant about whom something seems to be due. */
export interface DueTenant {
  tenantPubkey: Pubkey;
  step: DunningStep['type'];
}

/** One page of a scan, what is not due left out; `next` is null on the last one. */
export interface DuePage<Cursor> {
  due: DueTenant[];
  next: Cursor | null;
}

export type DunningStore = ReturnType<typeof dunningStore>;

/** Dunning and churn in rows. */
export function dunningStore(client: PrismaClient, deps: DunningDeps) {
  const accounts = dunningAccounts(client, deps);
  const onlyDue = <Cursor>({ accounts: page, next }: DunningPage<Cursor>): DuePage<Cursor> => ({
    due: page.flatMap((account) => {
      const step = dunningStep(account, { now: deps.clock.now(), graceDays: deps.graceDays });
      return step ? [{ tenantPubkey: account.tenantPubkey, step: step.type }] : [];
    }),
    next,
  });
  return {
    /** Who has to be warned or paused, the oldest debt first. */
    overdue: async (page: { after: OverdueCursor | null; limit: number }) => onlyDue(await accounts.overdue(page)),

    /** The same among tenants with a short grace, and those whose churn has to end. */
    marked: async (page: { after: Pubkey | null; limit: number }) => onlyDue(await accounts.marked(page)),

    /**
     * Does the one next step that is due for this tenant, in one transaction that first brings the books up to now and then
     * looks again; null when there is none. Repeat it safely, and next to itself. Ring `direct-message` and `relay-sync` after it.
     */
    advance: (tenantPubkey: Pubkey): Promise<DunningStep['type'] | null> =>
      inTransaction(client, async (tx) => {
        const history = await lockTenant(tx, tenantPubkey, deps);
        const [replayed] = await replayAccounts(tx, [tenantPubkey], deps);
        // More facts than fit into one look: what is owed is not known yet.
        if (replayed?.more) return null;
        return advance(tx, history, deps);
      }),

    /** Relays of the tenant whose desired state zooid has not got and that nobody waits for. */
    relaysToSync: async (tenantPubkey: Pubkey): Promise<Id[]> => {
      const rows = await client.$queryRaw<{ id: string }[]>`
        SELECT id FROM relay WHERE tenant_pubkey = ${tenantPubkey} AND applied_generation < generation
          AND next_sync_at <= ${deps.clock.now()} LIMIT ${MAX_RELAYS}`;
      return rows.map(({ id }) => idSchema.parse(id));
    },
  };
}

async function advance(tx: Tx, history: LockedHistory, deps: DunningDeps): Promise<DunningStep['type'] | null> {
  const account = await dunningAccounts(tx, deps).find(history.tenantPubkey);
  const step = account && dunningStep(account, { now: deps.clock.now(), graceDays: deps.graceDays });
  switch (step?.type) {
    case 'warn':
      await warn(tx, account, { step, deps });
      return 'warn';
    case 'pause':
      await pauseTenant(tx, history, deps);
      return 'pause';
    case 'restore':
      return (await restoreIfPaid(tx, history.tenantPubkey, deps)) ? 'restore' : null;
    case 'write-off':
      await writeOffTenant(tx, history, deps);
      return 'write-off';
    case undefined:
      return null;
  }
}

async function warn(
  tx: Tx,
  account: DunnedAccount | null,
  { step: { notice, days }, deps }: { step: DunningStep & { type: 'warn' }; deps: DunningDeps },
): Promise<void> {
  if (!account?.oldest) return;
  const { tenantPubkey, oldest } = account;
  const subject = `${oldest.id}:${notice}`;
  const params = { invoice_id: oldest.id, amount_cents: oldest.amountCents, days };
  await addMessage(tx, { tenantPubkey, template: NOTICE_TEMPLATE, subject, params }, deps);
}
