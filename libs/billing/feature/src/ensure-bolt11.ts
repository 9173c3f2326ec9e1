import { centsToMsats, fromUnixSeconds } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { decodeBolt11 } from '@caravel/lightning';
import type { Logger } from '@caravel/service';
import type { CollectableInvoice, CollectionBook, LiveOffer, NewBolt11, OfferedBolt11 } from './collection-book.js';
import { nextOfferCheck } from './offer-schedule.js';
import type { Rates } from './rates.js';
import type { SystemWallet } from './system-wallet.js';

const LIFE_S = 3600;
/** A person or a wallet gets at least this long to pay. */
const MIN_LEFT_MS = 10 * 60_000;
/** A wallet that makes longer ones would keep an attempt unknown for as long. */
const MAX_LEFT_MS = 2 * LIFE_S * 1000;

type Refused = { refused: 'invoice-not-payable' | 'service-unavailable'; message: string };
export type EnsuredBolt11 = { offer: LiveOffer } | Refused;

/** Makes sure that an open invoice has the live bolt11 that {@link findBolt11} finds. */
export function ensureBolt11({ collection, find }: EnsureBolt11Deps) {
  return async (invoice: CollectableInvoice | null): Promise<EnsuredBolt11> => {
    const found = await find(invoice);
    if (!('bolt11' in found)) return found;
    const offer = await collection.addBolt11(found.bolt11, found.keep);
    return offer ? { offer } : NOT_PAYABLE;
  };
}

/**
 * A bolt11 for at least 10 more minutes for an open invoice, as it was just read: the one that is live, else a new one for an
 * hour, in whole satoshis rounded up at the present rate, for whoever adds it. While an attempt pulls the live one, that stays
 * until it expires, so that nobody pays twice. What the wallet made is decoded and checked before anybody sees it.
 */
export function findBolt11(deps: FindBolt11Deps) {
  const { collection, rates, clock } = deps;
  const willDo = ({ expiresAt, pulled }: LiveOffer): boolean =>
    expiresAt.getTime() - clock.now().getTime() >= (pulled ? 1 : MIN_LEFT_MS);

  return async (invoice: CollectableInvoice | null, signal?: AbortSignal): Promise<EnsuredBolt11 | OfferedBolt11> => {
    if (!invoice?.open) return NOT_PAYABLE;
    const live = invoice.offered ? await collection.liveOffer(invoice.id) : null;
    if (live && willDo(live)) return { offer: live };

    const centsPerBtc = await rates.centsPerBtc();
    if (centsPerBtc === null) return NO_RATE;
    const bolt11 = await makeBolt11(deps, { invoice, centsPerBtc, signal });
    return bolt11 ? { bolt11, keep: willDo } : NO_WALLET;
  };
}

async function makeBolt11(
  { systemWallet, clock, log }: FindBolt11Deps,
  {
    invoice,
    centsPerBtc,
    signal,
  }: { invoice: CollectableInvoice; centsPerBtc: bigint; signal: AbortSignal | undefined },
): Promise<NewBolt11 | null> {
  const { id: invoiceId, tenantPubkey, amountCents } = invoice;
  const msats = centsToMsats(amountCents, centsPerBtc);
  const description = `Invoice ${invoiceId}`;
  const made = await systemWallet.makeInvoice({ amountMsats: msats, description, expiryS: LIFE_S, signal });
  if (!made) return null;

  const now = clock.now();
  const checked = check(made, { msats, now });
  if ('wrong' in checked) {
    log.error({ alert: 'system-wallet', invoiceId, wrong: checked.wrong }, 'the system wallet made a wrong invoice');
    return null;
  }
  const { paymentHash, expiresAt } = checked;
  const nextCheckAt = nextOfferCheck({ createdAt: now, expiresAt, pulledAt: null }, now) ?? now;
  return { invoiceId, tenantPubkey, lnbc: made.lnbc, paymentHash, msats, amountCents, expiresAt, nextCheckAt };
}

function check(
  { lnbc, paymentHash }: { lnbc: string; paymentHash: string },
  { msats, now }: { msats: bigint; now: Date },
): { paymentHash: string; expiresAt: Date } | { wrong: string } {
  try {
    const decoded = decodeBolt11(lnbc);
    const expiresAt = fromUnixSeconds(decoded.expiresAtS);
    const leftMs = expiresAt.getTime() - now.getTime();
    if (decoded.amountMsats !== msats) return { wrong: 'amount' };
    if (decoded.paymentHash !== paymentHash.toLowerCase()) return { wrong: 'payment hash' };
    if (leftMs < MIN_LEFT_MS || leftMs > MAX_LEFT_MS) return { wrong: 'expiry' };
    return { paymentHash: decoded.paymentHash, expiresAt };
  } catch {
    return { wrong: 'not a bolt11' };
  }
}

const NOT_PAYABLE = {
  refused: 'invoice-not-payable',
  message: 'This invoice is paid or void. There is nothing to pay.',
} as const;
const NO_RATE = {
  refused: 'service-unavailable',
  message: 'No exchange rate is available right now. Please try again in a minute.',
} as const;
const NO_WALLET = {
  refused: 'service-unavailable',
  message: 'Lightning invoices cannot be made right now. Please try again in a minute.',
} as const;

export interface EnsureBolt11Deps {
  collection: Pick<CollectionBook, 'addBolt11'>;
  find: ReturnType<typeof findBolt11>;
}

export interface FindBolt11Deps {
  collection: Pick<CollectionBook, 'liveOffer'>;
  rates: Rates;
  systemWallet: SystemWallet;
  clock: Clock;
  log: Logger;
}
