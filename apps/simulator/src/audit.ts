import { checkLedger } from '@caravel/billing-data-access';
import { initialState, replay } from '@caravel/billing-domain';
import type { BillingFact } from '@caravel/billing-domain';
import { activityTypeSchema, idSchema, pubkeySchema, relaySnapshotSchema, unixSeconds } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { WorldInvoice } from '@caravel/stand-ins';
import { BROKEN_BOX } from './seal-keys.js';
import type { Stage } from './stage.js';

/** An attempt that is older than this has had every chance to end. */
const STUCK_MS = 3 * 3_600_000;

/**
 * Compares our books with the world's. Double: one invoice pulled from a wallet twice. Lost: money that arrived and was not
 * booked. Stuck: an attempt whose end nobody will find. Differences: the ledger against its rows, what came in against what
 * was booked, and what each tenant was charged against a replay of the tenant's whole history from nothing.
 */
export async function audit(stage: Stage, counts: Counts): Promise<Findings> {
  const { world, stripe, client, clock } = stage;
  const settled = world.invoices().filter(({ settledAtS }) => settledAtS !== null);
  const offers = await client.offer.findMany();
  const attempts = await client.collectionAttempt.findMany();
  const booked = new Set([
    ...offers.filter(({ settledAt }) => settledAt).map((offer) => offer.paymentHash ?? offer.checkoutSessionId),
    ...attempts.filter(({ state }) => state === 'succeeded').flatMap(({ externalId }) => externalId ?? []),
  ]);
  const invoiceOf = new Map(offers.map(({ paymentHash, invoiceId }) => [paymentHash, invoiceId]));
  const pulls = [
    ...settled.filter(({ payer }) => payer !== null).map(({ paymentHash }) => invoiceOf.get(paymentHash)),
    ...stripe.taken().map(({ invoiceId }) => invoiceId),
  ];
  const came = new Set([
    ...settled.map(({ paymentHash }) => paymentHash),
    ...stripe.taken().map(({ id }) => id),
    ...stripe.pages.paid().map(({ sessionId }) => sessionId),
  ]);
  const before = new Date(clock.now().getTime() - STUCK_MS);
  const isStuck = ({ state, createdAt }: { state: string; createdAt: Date }): boolean =>
    UNRESOLVED.has(state) && createdAt < before;
  const stuck = attempts.filter(isStuck);
  const refunds = await client.refund.findMany();
  const backAtStripe = new Map(stripe.refunds.given().map(({ refundId, amountCents }) => [refundId, amountCents]));
  const back = new Map(refunds.filter(({ state }) => state === 'succeeded').map((one) => [one.id, one.amountCents]));
  const problems = await checkLedger(client);

  return {
    doubleCharges: twice(pulls).map(([id, times]) => `invoice ${id ?? 'unknown'} was pulled ${times} times`),
    lostCharges: [...came].filter((id) => !booked.has(id)).map((id) => `${id} was paid and not booked`),
    stuckAttempts: [
      ...stuck.map(({ id, state }) => `attempt ${id} is ${state}`),
      ...refunds.filter(isStuck).map(({ id, state }) => `refund ${id} is ${state}`),
    ],
    differences: [
      ...problems.map(
        ({ problem, about, ledgerCents, rowsCents }) => `${problem}: ${about} ${ledgerCents} ${rowsCents}`,
      ),
      ...[...booked].filter((id) => !came.has(id ?? '')).map((id) => `${id ?? ''} was booked and never paid`),
      ...stripe.refunds.overAsked().map((id) => `more of payment ${id} was asked back than was left of it`),
      ...otherwise(backAtStripe, back),
      ...(await lostWallets(stage)),
      ...(await wronglyBooked(client)),
      ...(await wronglyCharged(client, unixSeconds(clock.now()))),
    ],
    counts: {
      ...counts,
      ...(await countRows(client)),
      ...kinds(settled, stripe),
      ...kindsOfRefund(refunds),
      keys: stage.keys.rotations(),
    },
  };
}

const UNRESOLVED = new Set(['created', 'dispatched', 'unknown']);

function twice<Key>(keys: readonly Key[]): [Key, number][] {
  const times = new Map<Key, number>();
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  return [...times].filter(([, count]) => count > 1);
}

function kindsOfRefund(refunds: readonly { state: string; commandId: string }[]): Counts {
  const given = refunds.filter(({ state }) => state === 'succeeded').map(({ commandId }) => commandId);
  return { refunds: given.length, refundsInParts: twice(given).length };
}

/** Refunds that Stripe and our books have not in the same way. */
function otherwise(stripes: ReadonlyMap<string, number>, ours: ReadonlyMap<string, number>): string[] {
  return [...new Set([...stripes.keys(), ...ours.keys()])]
    .filter((id) => stripes.get(id) !== ours.get(id))
    .map((id) => `refund ${id} is ${ours.get(id) ?? 'none'} in the books and ${stripes.get(id) ?? 'none'} at Stripe`);
}

function kinds(settled: readonly WorldInvoice[], stripe: Stage['stripe']): Counts {
  const pulled = settled.filter(({ payer }) => payer !== null).length;
  return {
    byWallet: pulled,
    byHand: settled.length - pulled,
    byCard: stripe.taken().length,
    byCheckout: stripe.pages.paid().length,
  };
}

/** Wallets that a rotation of the key has made useless. */
async function lostWallets({ client, keys }: Stage): Promise<string[]> {
  const boxes = await client.tenantWallet.findMany({ where: { sealedUrl: { notIn: ['', BROKEN_BOX] } } });
  return boxes
    .filter(({ tenantPubkey, sealedUrl }) => keys.open(pubkeySchema.parse(tenantPubkey), sealedUrl ?? '') === undefined)
    .map(({ tenantPubkey }) => `no key opens the wallet of tenant ${tenantPubkey}`);
}

/** Every payment paid its invoice or became credit, and cash is exactly what the payments are worth. */
async function wronglyBooked(client: PrismaClient): Promise<string[]> {
  const rows = await client.$queryRaw<{ tenant: string; worth: bigint | null; cash: bigint | null }[]>`
    WITH payment AS (
      SELECT tenant_pubkey AS tenant, amount_cents AS cents FROM offer WHERE settled_at IS NOT NULL
      UNION ALL SELECT tenant_pubkey, amount_cents FROM collection_attempt WHERE rail = 'card' AND state = 'succeeded'
      UNION ALL SELECT tenant_pubkey, -amount_cents FROM refund WHERE state = 'succeeded'
    ), worth AS (SELECT tenant, sum(cents) AS cents FROM payment GROUP BY 1),
    cash AS (
      SELECT tenant_pubkey AS tenant, sum(amount_cents) AS cents FROM ledger_entry WHERE account LIKE 'cash%' GROUP BY 1
    ) SELECT tenant, worth.cents::bigint AS worth, cash.cents::bigint AS cash
      FROM worth FULL JOIN cash USING (tenant) WHERE worth.cents IS DISTINCT FROM cash.cents`;
  const uneven = await client.$queryRaw<{ payments: bigint; effects: bigint }[]>`
    SELECT (SELECT count(*) FROM offer WHERE settled_at IS NOT NULL)
           + (SELECT count(*) FROM collection_attempt WHERE rail = 'card' AND state = 'succeeded') AS payments,
           (SELECT count(*) FROM invoice WHERE paid_at IS NOT NULL)
           + (SELECT count(*) FROM invoice_item WHERE kind = 'late_payment') AS effects`;
  return [
    ...rows.map(({ tenant, worth, cash }) => `tenant ${tenant} paid ${worth ?? 0} and ${cash ?? 0} was booked`),
    ...uneven
      .filter(({ payments, effects }) => payments !== effects)
      .map(({ payments, effects }) => `${payments} payments had ${effects} effects`),
  ];
}

/** The items of every tenant against one replay of all the tenant's facts. */
async function wronglyCharged(client: PrismaClient, nowS: number): Promise<string[]> {
  const facts = await client.activity.findMany({ where: { resourceType: 'relay' }, orderBy: { seq: 'asc' } });
  const histories = new Map<string, BillingFact[]>();
  for (const { id, seq, at, resourceId, type, snapshot, tenantPubkey } of facts) {
    const fact: BillingFact = {
      activityId: idSchema.parse(id),
      seq,
      atS: unixSeconds(at),
      relayId: idSchema.parse(resourceId),
      type: activityTypeSchema.parse(type),
      snapshot: relaySnapshotSchema.parse(snapshot),
    };
    histories.set(tenantPubkey, [...(histories.get(tenantPubkey) ?? []), fact]);
  }
  const rows = await client.invoiceItem.groupBy({
    by: ['tenantPubkey'],
    where: { kind: { in: ['charge', 'credit', 'renewal', 'wait_credit'] } },
    _sum: { amountCents: true },
    _count: true,
  });
  const charged = new Map(
    rows.map((row) => [row.tenantPubkey, { cents: row._sum.amountCents ?? 0, items: row._count }]),
  );
  return [...histories].flatMap(([tenant, history]) => {
    const { items } = replay(initialState(), history, { untilS: nowS });
    const cents = items.reduce((sum, { amountCents }) => sum + amountCents, 0);
    const had = charged.get(tenant) ?? { cents: 0, items: 0 };
    if (had.cents === cents && had.items === items.length) return [];
    return [
      `tenant ${tenant} was charged ${had.cents} in ${had.items} items, history says ${cents} in ${items.length}`,
    ];
  });
}

async function countRows(client: PrismaClient): Promise<Counts> {
  const [row] = await client.$queryRaw<Counts[]>`
    SELECT (SELECT count(*) FROM tenant)::int AS tenants, (SELECT count(*) FROM activity)::int AS facts,
           (SELECT count(*) FROM invoice)::int AS invoices,
           (SELECT count(*) FROM invoice WHERE paid_at IS NOT NULL)::int AS paid,
           (SELECT count(*) FROM invoice WHERE void_reason = 'recut')::int AS recut,
           (SELECT count(*) FROM invoice WHERE void_reason = 'write_off')::int AS "writtenOff",
           (SELECT count(*) FROM message WHERE template LIKE '%paused%')::int AS pauses,
           (SELECT count(*) FROM collection_attempt)::int AS attempts,
           (SELECT count(*) FROM collection_attempt WHERE state = 'failed')::int AS failed,
           (SELECT count(*) FROM invoice_item WHERE kind = 'late_payment')::int AS credited`;
  return row ?? {};
}

export type Counts = Record<string, number>;

export interface Findings {
  doubleCharges: string[];
  lostCharges: string[];
  stuckAttempts: string[];
  differences: string[];
  /** What happened, so that a run that proved nothing is seen. */
  counts: Counts;
}
