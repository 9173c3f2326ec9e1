import type { Id, Pubkey } from '@caravel/domain';
import { coalesce } from '@caravel/service';
import type { checkEverything } from './check-stripe.js';
import type { CollectionBook } from './collection-book.js';

/** The caller gives up after 4 s and answers with the rows as they are. */
const ASK_TIMEOUT_MS = 2_500;

/**
 * The client looks at a tenant or an invoice and wants its rows to be up to date: history replayed, open offers asked about,
 * a due collection started (by bell, not waited for). Calls for one subject that come together share one
 * run that begins after them.
 */
export function reconcile({ collection, replay, check, startCollection }: ReconcileDeps) {
  const tenantOnce = coalesce(async (tenantPubkey: Pubkey) => {
    await replay(tenantPubkey);
    await check({ tenantPubkey }, { timeoutMs: ASK_TIMEOUT_MS });
    await startIfDue(tenantPubkey);
  });
  const invoiceOnce = coalesce(async (invoiceId: Id) => {
    const invoice = await collection.find(invoiceId);
    if (!invoice?.open) return;
    await replay(invoice.tenantPubkey);
    await check({ invoiceId: invoice.id }, { timeoutMs: ASK_TIMEOUT_MS });
    await startIfDue(invoice.tenantPubkey);
  });
  const startIfDue = async (tenantPubkey: Pubkey): Promise<void> => {
    if ((await collection.dueInvoicesOf(tenantPubkey)).length > 0) await startCollection(tenantPubkey);
  };
  return {
    tenant: tenantOnce,
    invoice: invoiceOnce,
  };
}

interface ReconcileDeps {
  collection: CollectionBook;
  replay: (tenantPubkey: Pubkey) => Promise<unknown>;
  check: ReturnType<typeof checkEverything>;
  startCollection: (tenantPubkey: Pubkey) => Promise<void>;
}
