import type { Cut, Item, RelayAccount, ReplayResult, ReplayState } from '@caravel/billing-domain';
import type { Id, NewId, Pubkey } from '@caravel/domain';
import type { InvoiceKind, InvoiceTerms, LoadedAccount } from './account.js';
import { invoicePosting, itemPosting, recutPosting } from './ledger.js';
import type { InvoicedAmount, Posting } from './ledger.js';

/** Rows to write for one account. Pure data: nothing here has touched the database. */
export interface AccountChanges {
  tenantPubkey: Pubkey;
  items: NewItem[];
  invoices: NewInvoice[];
  /** Stored invoices to void as recut. */
  voidedIds: string[];
  /** Stored items change hands by the invoice they are on; null is none. */
  moves: ItemMove[];
  postings: Posting[];
  relays: RelayAccount[];
  /** Null when the period did not move. */
  period: Pick<ReplayState, 'anchorS' | 'periodIndex' | 'periodStartS' | 'periodEndS'> | null;
  /** The last boundary that was closed: no later fact may be dated before it. */
  closedUntilS: number | null;
  factIds: Id[];
}

export interface NewItem extends Item {
  id: Id;
  invoiceId: string | null;
}

export interface NewInvoice extends InvoiceTerms {
  id: Id;
  cause: string;
  amountCents: number;
  periodStartS: number;
  periodEndS: number;
  /** Cut and voided by the same replay. */
  voided: boolean;
}

export interface ItemMove {
  from: string | null;
  to: string | null;
}

/**
 * Turns a replay into rows. Items follow the cuts by position: a cut takes everything unbilled before it, a void gives its
 * items back. Refs of invoices cut in this replay become ids; a recut inherits the terms of what it replaces.
 */
export function accountChanges(
  account: LoadedAccount,
  { items, cuts, state }: ReplayResult,
  { now, newId }: { now: Date; newId: NewId },
): AccountChanges {
  const { tenantPubkey } = account;
  // Sorted, so that ids of one replay are in the order of history.
  const ids = Array.from(items, newId).sort();
  const newItems = items.map((item, index) => ({ ...item, id: ids[index] ?? newId(), invoiceId: null }));
  const book = openBook(account, { now, newId });
  let seen = 0;
  for (const cut of cuts) {
    book.loose.items.push(...newItems.slice(seen, cut.afterItems));
    seen = cut.afterItems;
    applyCut(book, cut);
  }

  return {
    tenantPubkey,
    items: newItems,
    invoices: book.invoices,
    voidedIds: book.voidedIds,
    moves: assignItems(book),
    postings: [
      ...newItems.map(({ id, amountCents }) => itemPosting(id, { tenantPubkey, amountCents })),
      ...book.postings,
    ],
    relays: [...state.relays.values()].filter((relay) => !sameRelay(relay, account.state.relays.get(relay.relayId))),
    period: samePeriod(account.state, state) ? null : state,
    closedUntilS: closedUntil(account.state, state),
    factIds: account.facts.map(({ activityId }) => activityId),
  };
}

/** Everything on one invoice, or on none: new items one by one, stored ones by the invoice that holds them. */
interface Holding {
  items: NewItem[];
  stored: (string | null)[];
}

interface Book {
  tenantPubkey: Pubkey;
  creditCents: LoadedAccount['creditCents'];
  loose: Holding;
  open: Map<string, OpenEntry>;
  invoices: NewInvoice[];
  voidedIds: string[];
  postings: Posting[];
  now: Date;
  newId: NewId;
  /** Issue dates of a tenant are strictly ordered: that is the order credits meet invoices in. */
  lastIssuedMs: number;
}

interface OpenEntry {
  id: string;
  amountCents: number;
  terms: InvoiceTerms;
  holding: Holding;
  /** The row, when it is one of this replay. */
  row: NewInvoice | null;
}

function openBook(
  { tenantPubkey, state, terms, creditCents }: LoadedAccount,
  { now, newId }: { now: Date; newId: NewId },
): Book {
  const open = new Map<string, OpenEntry>();
  for (const { ref, amountCents } of state.openInvoices) {
    const known = terms.get(ref);
    if (!known) throw new RangeError(`no terms of invoice ${ref}`);
    open.set(ref, { id: ref, amountCents, terms: known, holding: { items: [], stored: [ref] }, row: null });
  }
  const lastIssuedMs = Math.max(-Infinity, ...[...terms.values()].map(({ issuedAt }) => issuedAt.getTime()));
  const loose = { items: [], stored: [null] };
  return {
    tenantPubkey,
    creditCents,
    loose,
    open,
    invoices: [],
    voidedIds: [],
    postings: [],
    now,
    newId,
    lastIssuedMs,
  };
}

function applyCut(book: Book, cut: Cut): void {
  const voided = cut.voids === null ? null : voidInvoice(book, cut.voids);
  if (cut.totalCents === null) return;
  const id = book.newId();
  const row: NewInvoice = {
    ...(voided?.terms ?? newTerms(book, cut)),
    id,
    cause: voided === null ? cut.cause : `recut:${voided.id}`,
    amountCents: cut.totalCents,
    periodStartS: cut.periodStartS,
    periodEndS: cut.periodEndS,
    voided: false,
  };
  book.invoices.push(row);
  const entry: OpenEntry = { id, amountCents: cut.totalCents, terms: row, holding: book.loose, row };
  book.open.set(cut.cause, entry);
  book.loose = { items: [], stored: [] };
  book.postings.push(invoicePosting(id, invoicedAmount(book, entry)));
}

function voidInvoice(book: Book, ref: string): OpenEntry {
  const entry = book.open.get(ref);
  if (!entry) throw new RangeError(`invoice ${ref} is not open`);
  book.open.delete(ref);
  if (entry.row) entry.row.voided = true;
  else book.voidedIds.push(entry.id);
  book.loose.items.push(...entry.holding.items);
  book.loose.stored.push(...entry.holding.stored);
  book.postings.push(recutPosting(entry.id, invoicedAmount(book, entry)));
  return entry;
}

/** Items of a replay are of service; only stored ones can be of money. */
function invoicedAmount(book: Book, { amountCents, holding }: OpenEntry): InvoicedAmount {
  const creditCents = holding.stored.reduce((sum, from) => sum + (book.creditCents.get(from) ?? 0), 0);
  return { tenantPubkey: book.tenantPubkey, amountCents, creditCents };
}

function newTerms(book: Book, { cause }: Cut): InvoiceTerms {
  book.lastIssuedMs = Math.max(book.now.getTime(), book.lastIssuedMs + 1);
  const issuedAt = new Date(book.lastIssuedMs);
  return { kind: kindOf(cause), issuedAt, tries: 0, nextTryAt: book.now };
}

function kindOf(cause: Cut['cause']): InvoiceKind {
  if (cause.startsWith('closing:')) return 'closing';
  return cause.startsWith('interim:') ? 'interim' : 'cycle';
}

function assignItems({ open, loose }: Book): ItemMove[] {
  const moves: ItemMove[] = loose.stored.flatMap((from) => (from === null ? [] : [{ from, to: null }]));
  for (const { id, holding } of open.values()) {
    for (const item of holding.items) item.invoiceId = id;
    moves.push(...holding.stored.filter((from) => from !== id).map((from) => ({ from, to: id })));
  }
  return moves;
}

function samePeriod(before: ReplayState, after: ReplayState): boolean {
  return (
    before.anchorS === after.anchorS &&
    before.periodIndex === after.periodIndex &&
    before.periodStartS === after.periodStartS &&
    before.periodEndS === after.periodEndS
  );
}

function closedUntil(before: ReplayState, after: ReplayState): number | null {
  if (before.periodEndS === null && after.anchorS === null) return null;
  const closed = after.anchorS === null ? after.periodEndS : after.periodStartS;
  return samePeriod(before, after) ? null : closed;
}

function sameRelay(a: RelayAccount, b: RelayAccount | undefined): boolean {
  return (
    b !== undefined &&
    a.planId === b.planId &&
    a.amountCents === b.amountCents &&
    a.billable === b.billable &&
    a.provisioned === b.provisioned &&
    a.waiting === b.waiting &&
    a.numerator === b.numerator &&
    a.itemisedCents === b.itemisedCents
  );
}
