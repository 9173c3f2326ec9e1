import type { Clock, Id } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { Tell } from './announce-tenant.js';
import type { checkOffers } from './check-offers.js';
import type { clearPage } from './clear-the-way.js';
import type { CollectableInvoice, CollectionBook } from './collection-book.js';
import type { ensureBolt11 } from './ensure-bolt11.js';
import type { pullFromCard } from './pull-from-card.js';
import type { pullFromWallet } from './pull-from-wallet.js';
import { nextTryAt } from './retry-schedule.js';

/** A tenant without a way to pay is just being asked for one by the client. */
const FIRST_DUE_PAUSE_MS = 10 * 60_000;
const OUT_OF_ORDER_MS = 60_000;
const DEFECT_MS = 5 * 60_000;

/**
 * One try of a due invoice, in the order wallet, card, then message. Does nothing when the invoice is not due (any more) or an
 * attempt is unresolved. Never rejects: what goes wrong is logged, and the invoice is tried again later.
 */
export function collectInvoice(deps: CollectDeps) {
  return async (invoiceId: Id, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return; // stopping: nothing new is begun
    try {
      const invoice = await deps.collection.find(invoiceId);
      if (!invoice?.due || invoice.busy) return;
      await tryRails(deps, invoice, signal);
    } catch (error) {
      deps.log.error({ alert: 'collection', err: error, invoiceId }, 'an invoice could not be collected');
      await postpone(deps, invoiceId, DEFECT_MS).catch(() => undefined);
    }
  };
}

async function tryRails(deps: CollectDeps, invoice: CollectableInvoice, signal?: AbortSignal): Promise<void> {
  // The money may be here already: by hand, or by an earlier pull that was thought to have failed.
  if (invoice.offered && (invoice.hasWallet || invoice.hasCard))
    await deps.checkOffers({ invoiceId: invoice.id }, { signal });
  const wallet = invoice.hasWallet && !invoice.cardsTurn ? await tryWallet(deps, invoice, signal) : 'passed';
  if (wallet === 'tried' || signal?.aborted) return;
  if ((await deps.pullCard(invoice)) === 'tried') return;
  // Ours is the fault, so it is no try and the tenant is not told.
  if (wallet === 'out-of-order') await postpone(deps, invoice.id, OUT_OF_ORDER_MS);
  else await askPerson(deps, invoice);
}

/** `passed`: it failed, and the same try goes on with the card. */
async function tryWallet(
  deps: CollectDeps,
  invoice: CollectableInvoice,
  signal?: AbortSignal,
): Promise<'tried' | 'passed' | 'out-of-order'> {
  if (invoice.hasPage) {
    // While Stripe is silent the wallet is not kept waiting: what is then paid twice becomes credit.
    const page = await deps.clearPage(invoice.id);
    if (page === 'paid') await deps.tell(invoice.tenantPubkey);
    if (page === 'paid' || page === 'paying') return page === 'paid' ? 'tried' : 'out-of-order';
  }
  const ensured = await deps.ensureBolt11(invoice, signal);
  if ('refused' in ensured) return ensured.refused === 'service-unavailable' ? 'out-of-order' : 'tried';
  if ((await deps.pull(invoice, ensured.offer, signal)) !== 'failed' || !invoice.hasCard) return 'tried';
  const after = await deps.collection.find(invoice.id);
  return after?.due && after.cardsTurn && !after.busy ? 'passed' : 'tried';
}

async function askPerson({ collection, clock, tell }: CollectDeps, invoice: CollectableInvoice): Promise<void> {
  const notBefore = new Date(invoice.issuedAt.getTime() + FIRST_DUE_PAUSE_MS);
  const next = nextTryAt(invoice.issuedAt, clock.now());
  const asked = await collection.askPerson({ invoiceId: invoice.id, nextTryAt: next, notBefore });
  if (asked) await tell(invoice.tenantPubkey, { relays: false });
}

async function postpone({ collection, clock }: CollectDeps, invoiceId: Id, pauseMs: number): Promise<void> {
  await collection.postpone(invoiceId, { until: new Date(clock.now().getTime() + pauseMs) });
}

export interface CollectDeps {
  collection: CollectionBook;
  checkOffers: ReturnType<typeof checkOffers>;
  ensureBolt11: ReturnType<typeof ensureBolt11>;
  clearPage: ReturnType<typeof clearPage>;
  pull: ReturnType<typeof pullFromWallet>;
  pullCard: ReturnType<typeof pullFromCard>;
  clock: Clock;
  log: Logger;
  tell: Tell;
}
