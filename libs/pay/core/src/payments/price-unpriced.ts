import type { SpendRule } from '@caravel/pay-limits';
import { PayError } from '@caravel/pay-protocol';
import type { PayTx } from '@caravel/pay-store';
import type { CoreDeps } from '../pay-call.js';
import type { KeptDebit } from './payment-record.js';
import { isUnpriced, paymentRows } from './payment-rows.js';
import type { PaymentRow } from './payment-rows.js';
import { bucketsOf, dollarBuckets, priceDebits } from './price-debits.js';

/**
 * Debits that had no price when they were reserved are priced now, as far as a rule in dollars sees them, and count from now.
 * Whoever adds such a rule calls it before, so that nothing is added when there is no price, and again after, for payments that
 * began in between; a rule in another unit needs nothing. Throws a PayError `price_unavailable`. Repeating it changes nothing.
 */
export async function priceUnpriced(deps: PricingDeps, rule: Pick<SpendRule, 'bucket' | 'windowMs'>): Promise<void> {
  if (!rule.bucket.endsWith('/usd')) return;
  const { db, clock, sealer } = deps;
  const rows = paymentRows(sealer);
  for (const row of await rows.unpriced(db, clock.now().getTime() - rule.windowMs)) {
    if (!dollarBuckets(row).includes(rule.bucket)) continue;
    const counts = row.finishedAtMs === null ? row.debits : leftOf(row);
    await countPrices(deps, row, await pricesOf(deps, counts));
  }
}

async function pricesOf({ rates }: PricingDeps, debits: readonly KeptDebit[]): Promise<KeptDebit[]> {
  const known = debits.filter(({ price }) => price !== undefined);
  const priced = await priceDebits(rates, debits, known);
  if (!isUnpriced(priced)) return priced;
  throw new PayError(
    'price_unavailable',
    'a payment of the past has no price yet, so a rule in dollars cannot count it',
    {
      hint: 'Ask again in a moment, or limit the asset in its own unit',
    },
  );
}

/** What truly left of one that is over, with the prices that it was settled at: of one that was not sent at most a fee. */
function leftOf({ proven, debits }: PaymentRow): readonly KeptDebit[] {
  if (!proven) return debits;
  const left = proven.outcome === 'sent' ? proven.debits : (proven.burned ?? []);
  return left.map((debit) => ({ ...debit, price: priceIn(debits, debit) }));
}

const priceIn = (debits: readonly KeptDebit[], { unit }: KeptDebit): bigint | undefined =>
  debits.find((debit) => debit.unit === unit)?.price;

/** Held ones are held in dollars from now on; those that are over count as if their dollars left now. */
async function countPrices(deps: PricingDeps, row: PaymentRow, priced: readonly KeptDebit[]): Promise<void> {
  const { db, sealer } = deps;
  const news = newDollars(row, priced);
  const isHeld = await db.transaction((tx) => holdMore(tx, deps, { row, priced, news }));
  if (isHeld) return;
  // It may have ended since it was read. One that nobody has reserved yet will see the rule by itself.
  const now = await paymentRows(sealer).find(db, row.opId);
  if (!now?.unpriced || (now.finishedAtMs === null && !now.proven)) return;
  const left = leftOf(now);
  const known = left.map((debit) => ({ ...debit, price: debit.price ?? priceIn(priced, debit) }));
  const counted = await pricesOf(deps, known);
  await countAfterwards(deps, now, newDollars({ ...now, debits: left }, counted));
  await paymentRows(sealer).price(db, row.opId, counted);
}

/** After a settlement: what was given a price while the payment was on its way, and was settled without it. */
export async function countLatePrices(
  deps: PricingDeps,
  row: PaymentRow,
  settled: readonly KeptDebit[],
): Promise<void> {
  const now = await paymentRows(deps.sealer).find(deps.db, row.opId);
  if (!now || now.unpriced) return;
  const priced = settled.map((debit) => ({ ...now.debits.find(({ unit }) => unit === debit.unit), ...debit }));
  await countAfterwards(deps, row, newDollars({ ...row, debits: settled }, priced));
}

/** A settlement of its own: it asks no limit, for the money is gone, and is made once. */
async function countAfterwards({ spend, clock }: PricingDeps, { opId }: PaymentRow, news: Dollars): Promise<void> {
  const usdOpId = `${opId}#usd`;
  const nowMs = clock.now().getTime();
  await spend.reserve({ opId: usdOpId, requestHash: 'usd', debits: new Map(), nowMs });
  await spend.settle({ opId: usdOpId, outcome: 'sent', debits: news, nowMs });
}

/** Under the lock of the limits: what is held grows, whatever limits say. False when it is not held any more. */
async function holdMore(tx: PayTx, { db, sealer }: PricingDeps, { row, priced, news }: Pricing): Promise<boolean> {
  if (db.dialect === 'postgres') await tx.query('SELECT spend_lock()');
  const now = await paymentRows(sealer).find(tx, row.opId);
  const isOpen = now?.state === 'reserved' || now?.state === 'dispatched' || now?.state === 'unknown';
  if (!isOpen) return false;
  if (!(await paymentRows(sealer).price(tx, row.opId, priced))) return true;
  for (const [bucket, amount] of news) {
    const [hold] = await tx.query('SELECT amount FROM spend_holds WHERE op_id = $1 AND bucket = $2', [
      row.opId,
      bucket,
    ]);
    const [kept] = await tx.query('SELECT held FROM spend_buckets WHERE bucket = $1', [bucket]);
    const held = digits(kept?.held) + amount;
    await tx.query(HOLD, [row.opId, bucket, digits(hold?.amount) + amount]);
    await tx.query(KEEP_HELD, [bucket, held]);
  }
  return true;
}

/** An amount of a row; nothing is nothing. */
const digits = (value: unknown): bigint => (typeof value === 'string' ? BigInt(value) : 0n);

/** What the new prices add in dollars. */
function newDollars(row: PaymentRow, priced: readonly KeptDebit[]): Dollars {
  const before = bucketsOf(row, row.debits);
  const after = [...bucketsOf(row, priced)].filter(([bucket]) => bucket.endsWith('/usd'));
  const news = after.map(([bucket, amount]) => [bucket, amount - (before.get(bucket) ?? 0n)] as const);
  return new Map(news.filter(([, amount]) => amount > 0n));
}

const HOLD = `INSERT INTO spend_holds (op_id, bucket, amount) VALUES ($1, $2, $3)
  ON CONFLICT (op_id, bucket) DO UPDATE SET amount = excluded.amount`;
const KEEP_HELD = `INSERT INTO spend_buckets (bucket, held, total, last_at_ms) VALUES ($1, $2, 0, 0)
  ON CONFLICT (bucket) DO UPDATE SET held = excluded.held`;

type PricingDeps = Pick<CoreDeps, 'db' | 'clock' | 'sealer' | 'spend' | 'rates'>;
type Dollars = ReadonlyMap<string, bigint>;

interface Pricing {
  row: PaymentRow;
  priced: readonly KeptDebit[];
  news: Dollars;
}
