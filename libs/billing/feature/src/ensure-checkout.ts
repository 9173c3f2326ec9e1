import type { Clock, Id } from '@caravel/domain';
import type { CardBook } from './card-book.js';
import type { CardDesk, CheckoutPage } from './card-desk.js';
import type { CollectableInvoice, CollectionBook } from './collection-book.js';
import { NO_CUSTOMER, NO_STRIPE } from './customer-of.js';
import type { customerOf } from './customer-of.js';
import { retryOfferCheck } from './offer-schedule.js';

/** Stripe takes no less than 30 minutes by its own clock. */
const LIFE_MS = 30 * 60_000 + 30_000;
/** A person gets at least this long to pay. */
const MIN_LEFT_MS = 10 * 60_000;

/**
 * A Checkout page for one open invoice: the one that is open and leads back to the same place for at least 10 more minutes,
 * else a new one for half an hour. Refused while an attempt to pull is unresolved, because then both could be paid. The URL
 * is read back from Stripe, never kept.
 */
export function ensureCheckout(deps: EnsureCheckoutDeps) {
  return async ({ invoiceId, returnUrl }: CheckoutRequest): Promise<EnsuredCheckout> => {
    const invoice = await deps.collection.find(invoiceId);
    if (!invoice?.open) return CLOSED;
    if (invoice.busy) return BUSY;
    const kept = await keepLive(deps, { invoiceId, returnUrl });
    return kept === 'none' ? make(deps, invoice, returnUrl) : kept;
  };
}

/** What the page that is there means for a new one: itself will do, or it is gone, or it is in the way. */
async function keepLive(deps: EnsureCheckoutDeps, { invoiceId, returnUrl }: CheckoutRequest) {
  const { cards, collection, stripe, clock } = deps;
  const live = await cards.liveCheckout(invoiceId);
  if (!live) return 'none';
  const leftMs = live.expiresAt.getTime() - clock.now().getTime();
  const found = await stripe.findCheckout(live.sessionId);
  if (found && isGood(found, returnUrl) && leftMs >= MIN_LEFT_MS) return { url: found.url };

  const page = found?.status === 'open' ? await stripe.expireCheckout(live.sessionId) : found;
  if (page?.status === 'paid') {
    await collection.settle(live.id);
    return CLOSED;
  }
  if (page?.status !== 'expired') return page?.status === 'paying' ? BUSY : NO_STRIPE;
  await cards.closeCheckout(live.id);
  return 'none';
}

const isGood = (page: CheckoutPage, returnUrl: string): page is CheckoutPage & { url: string } =>
  page.status === 'open' && page.url !== null && page.returnUrl === returnUrl;

async function make(
  deps: EnsureCheckoutDeps,
  invoice: CollectableInvoice,
  returnUrl: string,
): Promise<EnsuredCheckout> {
  const { cards, stripe, clock } = deps;
  const { id: invoiceId, tenantPubkey, amountCents } = invoice;
  const customerId = await deps.customerOf(tenantPubkey);
  if (customerId === null) return NO_CUSTOMER;
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + LIFE_MS);
  const page = await stripe.createCheckout({ invoiceId, tenantPubkey, customerId, amountCents, returnUrl, expiresAt });
  if (!page?.url) return NO_STRIPE;

  const { sessionId } = page;
  const nextCheckAt = retryOfferCheck({ createdAt: now, expiresAt, pulledAt: null }, now);
  const kept = await cards.addCheckout({ invoiceId, sessionId, amountCents, expiresAt, nextCheckAt });
  if (kept) return { url: page.url };
  // An attempt began meanwhile, or somebody else made a page. Nobody has seen the URL of this one.
  await stripe.expireCheckout(sessionId);
  return BUSY;
}

const CLOSED = {
  refused: 'invoice-not-payable',
  message: 'This invoice is paid or void. There is nothing to pay.',
} as const;
const BUSY = {
  refused: 'invoice-not-payable',
  message: 'A payment of this invoice is under way. Please wait a minute and look again.',
} as const;

export type EnsuredCheckout = { url: string } | typeof CLOSED | typeof BUSY | typeof NO_CUSTOMER | typeof NO_STRIPE;

export interface CheckoutRequest {
  invoiceId: Id;
  returnUrl: string;
}

export interface EnsureCheckoutDeps {
  cards: Pick<CardBook, 'liveCheckout' | 'addCheckout' | 'closeCheckout'>;
  collection: Pick<CollectionBook, 'find' | 'settle'>;
  stripe: Pick<CardDesk, 'createCheckout' | 'findCheckout' | 'expireCheckout'>;
  customerOf: ReturnType<typeof customerOf>;
  clock: Clock;
}
