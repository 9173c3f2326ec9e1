import type { Clock, Id } from '@caravel/domain';
import type { Logger } from '@caravel/service';
import type { Tell } from './announce-tenant.js';
import type { checkOffers } from './check-offers.js';
import type { clearPage } from './clear-the-way.js';
import type { CollectableInvoice, CollectionBook } from './collection-book.js';
import type { findBolt11 } from './ensure-bolt11.js';
import type { pullFromCard } from './pull-from-card.js';
import type { pullFromWallet } from './pull-from-wallet.js';
import { nextTryAt } from './retry-schedule.js';

/** A tenant without a way to pay is just being asked for one by the client. */
const FIRST_DUE_PAUSE_MS = 10 * 60_000;
const OUT_OF_ORDER_MS = 60_000;
const DEFECT_MS = 5 * 60_000;
/** A batch takes as long as its wallets: what was read longer ago is read again. */
const FRESH_MS = 2_000;

/**
 * One try of a due invoice, in the order wallet, card, then message. Does nothing when the invoice is not due (any more) or an
 * attempt is unresolved. Never rejects: what goes wrong is logged, and the invoice is tried again later.
 */
export function collectInvoice(deps: CollectDeps) {
  const isFresh = ({ readAt }: CollectableInvoice) => deps.clock.now().getTime() - readAt.getTime() <= FRESH_MS;

  return async (found: CollectableInvoice, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return; // stopping: nothing new is begun
    const invoiceId = found.id;
    try {
      const invoice = isFresh(found) ? found : await deps.collection.find(invoiceId);
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
  const found = await deps.findBolt11(invoice, signal);
  if ('refused' in found) return found.refused === 'service-unavailable' ? 'out-of-order' : 'tried';
  const offered = 'offer' in found ? { offerId: found.offer.id } : found;
  if ((await deps.pull(invoice, offered, signal)) !== 'failed' || !invoice.hasCard) return 'tried';
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
  findBolt11: ReturnType<typeof findBolt11>;
  clearPage: ReturnType<typeof clearPage>;
  pull: ReturnType<typeof pullFromWallet>;
  pullCard: ReturnType<typeof pullFromCard>;
  clock: Clock;
  log: Logger;
  tell: Tell;
}
