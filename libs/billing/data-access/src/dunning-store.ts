import { dunningStep, nextDunningLook } from '@caravel/billing-domain';
import type { DunningStep } from '@caravel/billing-domain';
import { idSchema, pubkeySchema } from '@caravel/domain';
import type { Id, Pubkey } from '@caravel/domain';
import { addMessages, inSqlTransaction, lockTenant } from '@caravel/platform-data-access';
import type { LockedHistory, PrismaClient, Sql } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { isOpen } from './collection-due.js';
import { dunningAccounts, NOTICE_TEMPLATE } from './dunning-accounts.js';
import type { DunnedAccount } from './dunning-accounts.js';
import { pauseTenant } from './pause-tenant.js';
import { replayAccounts } from './replay-accounts.js';
import { restoreIfPaid } from './restore-tenant.js';
import { writeOffTenant } from './write-off-tenant.js';

/** More than a tenant may have. */
const MAX_RELAYS = 100;
/** Whoever found something to do and died leaves it to others after this. */
const CLAIM_MS = 60_000;

export interface DunningDeps extends AccountDeps {
  /** `BILLING_GRACE_DAYS`: how long an invoice may be open. */
  graceDays: number;
}

/** A tenant about whom something seems to be due. */
export interface DueTenant {
  tenantPubkey: Pubkey;
  step: DunningStep['type'];
}

export type DunningStore = ReturnType<typeof dunningStore>;

/** Dunning and churn in rows. */
export function dunningStore(client: PrismaClient, deps: DunningDeps) {
  return {
    /**
     * Looks at the next `limit` tenants whose time has come, the longest waiting first and for this process alone: `due` are
     * those about whom something is to be done now (in a minute others may find them), the others wait for their next date.
     */
    look: ({ limit }: { limit: number }) => inSqlTransaction(client, (tx) => lookAtDue(tx, limit, deps)),

    /** Puts debtors on the calendar who are not: their invoices were cut by a version that has none. Reads all open invoices. */
    adopt: (): Promise<number> => client.$executeRaw`
      UPDATE tenant_billing billing SET dunning_at = ${deps.clock.now()}
      WHERE dunning_at IS NULL AND tenant_pubkey IN (SELECT tenant_pubkey FROM invoice WHERE ${isOpen})`,

    /**
     * Does the one next step that is due for this tenant, in one transaction that first brings the books up to now and then
     * looks again; null when there is none. Repeat it safely, and next to itself. Ring `direct-message` and `relay-sync` after it.
     */
    advance: (tenantPubkey: Pubkey): Promise<DunningStep['type'] | null> =>
      inSqlTransaction(client, async (tx) => {
        const history = await lockTenant(tx, tenantPubkey, deps);
        const [replayed] = await replayAccounts(tx, [tenantPubkey], deps);
        // More facts than fit into one look: what is owed is not known yet.
        if (replayed?.more) return null;
        const step = await advance(tx, history, deps);
        if (step !== null) await lookAgain(tx, [{ tenantPubkey, at: deps.clock.now() }]);
        return step;
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

/** Under locks of the rows that hold the dates, so that a date another transaction sets meanwhile comes after ours. */
async function lookAtDue(tx: Sql, limit: number, { clock, graceDays }: DunningDeps): Promise<Looked> {
  const now = clock.now();
  const rows = await tx.$queryRaw<{ pubkey: string }[]>`
    SELECT tenant_pubkey AS pubkey FROM tenant_billing WHERE dunning_at <= ${now}
    ORDER BY dunning_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  if (rows.length === 0) return { looked: 0, due: [] };
  const accounts = await dunningAccounts(tx).of(rows.map(({ pubkey }) => pubkeySchema.parse(pubkey)));
  const plans = accounts.map((account) => ({ account, step: dunningStep(account, { now, graceDays }) }));
  const claimedUntil = new Date(now.getTime() + CLAIM_MS);
  const looks = plans.map(({ account, step }) => ({
    tenantPubkey: account.tenantPubkey,
    at: step ? claimedUntil : nextDunningLook(account, { now, graceDays }),
  }));
  await lookAgain(tx, looks);
  const due = plans.flatMap(({ account, step }) =>
    step ? [{ tenantPubkey: account.tenantPubkey, step: step.type }] : [],
  );
  return { looked: rows.length, due };
}

async function lookAgain(tx: Sql, looks: readonly { tenantPubkey: Pubkey; at: Date | null }[]): Promise<void> {
  const rows = looks.map(({ tenantPubkey, at }) => ({ pubkey: tenantPubkey, at }));
  await tx.$executeRaw`
    UPDATE tenant_billing SET dunning_at = look.at
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS look(pubkey text, at timestamptz)
    WHERE tenant_billing.tenant_pubkey = look.pubkey`;
}

async function advance(tx: Sql, history: LockedHistory, deps: DunningDeps): Promise<DunningStep['type'] | null> {
  const account = await dunningAccounts(tx).find(history.tenantPubkey);
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
  tx: Sql,
  account: DunnedAccount | null,
  { step: { notice, days }, deps }: { step: DunningStep & { type: 'warn' }; deps: DunningDeps },
): Promise<void> {
  if (!account?.oldest) return;
  const { tenantPubkey, oldest } = account;
  const subject = `${oldest.id}:${notice}`;
  const params = { invoice_id: oldest.id, amount_cents: oldest.amountCents, days };
  await addMessages(tx, [{ tenantPubkey, template: NOTICE_TEMPLATE, subject, params }], deps);
}

interface Looked {
  looked: number;
  due: DueTenant[];
}
