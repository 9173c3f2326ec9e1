import { pubkeySchema } from '@caravel/domain';
import type { Activity, Invoice, Message, Pubkey } from '@caravel/domain';
import { toActivity } from './activity-store.js';
import type { Db } from './database.js';
import { toInvoice } from './invoice-rows.js';
import { toMessage } from './message-reads.js';

/** Where PostgreSQL announces, at commit, which tenant has new events: `NOTIFY tenant_event, '<pubkey>'`. */
export const EVENT_CHANNEL = 'tenant_event';

/**
 * One thing that happened to a tenant, with the row as it is now: a later event of the same row may show it already. `seq` is
 * gapless per tenant and given in the order of commits, so who goes on after the last one seen misses nothing.
 */
export type TenantEvent = { seq: number } & (
  { kind: 'activity'; row: Activity } | { kind: 'invoice'; row: Invoice } | { kind: 'message'; row: Message }
);

export type EventStore = ReturnType<typeof eventStore>;

/** Reads of what happened to tenants. Triggers write it. */
export function eventStore(db: Db) {
  return {
    /** The oldest `limit` events after `seq`. */
    after: (tenantPubkey: Pubkey, seq: number, { limit }: { limit: number }) =>
      eventsAfter(db, { tenantPubkey, seq, limit }),

    /** The last `seq` of each of these tenants; those without any event are left out. */
    heads: async (tenantPubkeys: readonly Pubkey[]): Promise<Map<Pubkey, number>> => {
      if (tenantPubkeys.length === 0) return new Map();
      const rows = await db.$queryRaw<{ pubkey: string; seq: number | null }[]>`
        SELECT pubkey, (SELECT max(seq) FROM tenant_event WHERE tenant_pubkey = pubkey) AS seq
        FROM unnest(${[...tenantPubkeys]}::text[]) AS asked(pubkey)`;
      return new Map(rows.flatMap(({ pubkey, seq }) => (seq === null ? [] : [[pubkeySchema.parse(pubkey), seq]])));
    },
  };
}

async function eventsAfter(
  db: Db,
  { tenantPubkey, seq, limit }: { tenantPubkey: Pubkey; seq: number; limit: number },
): Promise<TenantEvent[]> {
  const events = await db.tenantEvent.findMany({
    where: { tenantPubkey, seq: { gt: seq } },
    orderBy: { seq: 'asc' },
    take: limit,
  });
  const idsOf = (kind: TenantEvent['kind']) => {
    const ids = events.flatMap((event) => (event.kind === kind ? [event.subjectId] : []));
    return { where: { id: { in: [...new Set(ids)] } } };
  };
  const [activity, invoices, messages] = await Promise.all([
    db.activity.findMany(idsOf('activity')),
    db.invoice.findMany(idsOf('invoice')),
    db.message.findMany(idsOf('message')),
  ]);
  const rows = {
    activity: new Map(activity.map((row) => [row.id, { kind: 'activity' as const, row: toActivity(row) }])),
    invoice: new Map(invoices.map((row) => [row.id, { kind: 'invoice' as const, row: toInvoice(row) }])),
    message: new Map(messages.map((row) => [row.id, { kind: 'message' as const, row: toMessage(row) }])),
  };
  return events.map((event) => {
    const found = rows[event.kind as TenantEvent['kind']].get(event.subjectId);
    if (!found) throw new Error(`event ${event.seq} of ${tenantPubkey} has no ${event.kind}`);
    return { seq: event.seq, ...found };
  });
}
