import type { Item, OpenInvoice } from '@caravel/billing-domain';
import { AppError, idSchema, pubkeySchema, unixSeconds } from '@caravel/domain';
import type { Id, RelayStatus } from '@caravel/domain';
import { inTransaction, lockTenant } from '@caravel/platform-data-access';
import type { PrismaClient, Tx } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { loadAccounts } from './load-accounts.js';

/** A relay as it would be. */
export interface WantedRelay {
  relayId: Id;
  planId: string;
  status: RelayStatus;
}

/** What the next replay would add because of it. */
export interface ChangePreview {
  atS: number;
  items: readonly Item[];
  /** That it would leave open and that are not open without it. */
  invoices: readonly OpenInvoice[];
  /** Stored invoices that it would void, for one of those or because credit met them. */
  replacedIds: Id[];
}

/**
 * The rows that a change would bring if it were made in this second: the replay that bills, over the books as they are and one
 * more fact, compared with the same without it. Writes nothing. Null when there is no such relay or plan. Throws
 * `service-unavailable` while there are more facts than one look takes.
 */
export function previewChange(
  client: PrismaClient,
  wanted: WantedRelay,
  deps: AccountDeps,
): Promise<ChangePreview | null> {
  return inTransaction(client, async (tx) => {
    const found = await tx.relay.findUnique({
      where: { id: wanted.relayId, deletedAt: null },
      select: { tenantPubkey: true },
    });
    const plan = await tx.plan.findUnique({ where: { id: wanted.planId }, select: { amountCents: true } });
    if (!found || !plan) return null;
    const tenantPubkey = pubkeySchema.parse(found.tenantPubkey);
    await lockTenant(tx, tenantPubkey, deps);
    const [account] = await loadAccounts(tx, [tenantPubkey]);
    if (!account) return null;
    if (account.more)
      throw new AppError('service-unavailable', 'Your bills are being brought up to date. Please try again.');

    const nowS = unixSeconds(deps.clock.now());
    const { seq, atS } = await nextInHistory(tx, tenantPubkey, nowS);
    const snapshot = {
      plan_id: wanted.planId,
      amount_cents: plan.amountCents,
      status: wanted.status,
      provisioned: await isProvisioned(tx, wanted.relayId),
    };
    const activityId = deps.newId();
    const fact = { activityId, seq, atS, relayId: wanted.relayId, type: 'update_relay' as const, snapshot };
    const before = deps.replay(account.state, account.facts, nowS);
    const after = deps.replay(account.state, [...account.facts, fact], nowS);
    return {
      atS,
      items: after.items.filter((item) => item.activityId === activityId),
      invoices: missingIn(before.state.openInvoices, after.state.openInvoices),
      replacedIds: missingIn(after.state.openInvoices, before.state.openInvoices).flatMap(
        ({ ref }) => idSchema.safeParse(ref).data ?? [],
      ),
    };
  });
}

/** Where the tenant's next fact would stand. */
async function nextInHistory(tx: Tx, pubkey: string, nowS: number): Promise<{ seq: number; atS: number }> {
  const history = await tx.tenantHistory.findUniqueOrThrow({ where: { pubkey } });
  return { seq: history.seq + 1, atS: Math.max(nowS, unixSeconds(history.at)) };
}

async function isProvisioned(tx: Tx, relayId: Id): Promise<boolean> {
  const sync = await tx.relaySync.findUnique({ where: { relayId }, select: { firstSyncedAt: true } });
  return Boolean(sync?.firstSyncedAt);
}

function missingIn(known: readonly OpenInvoice[], all: readonly OpenInvoice[]): OpenInvoice[] {
  const refs = new Set(known.map(({ ref }) => ref));
  return all.filter(({ ref }) => !refs.has(ref));
}
