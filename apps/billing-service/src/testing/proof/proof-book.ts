import type { FireWorld } from '../fire-world.js';

/** What the rows say while a proof runs, and the judgement at its end. */
export function bookOf({ database, clock, charges, problems }: FireWorld) {
  const count = async (sql: string, params: unknown[] = []): Promise<number> => {
    const [row] = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`, params);
    return row?.count ?? 0;
  };
  return {
    cut: () => count('invoice WHERE voided_at IS NULL'),
    /** Open invoices, attempts without an end, and tenants whose books are behind. */
    owing: async (): Promise<number> =>
      (await count('invoice WHERE paid_at IS NULL AND voided_at IS NULL')) +
      (await count(`collection_attempt WHERE state IN ('created', 'dispatched', 'unknown')`)) +
      (await count(`activity WHERE billed_at IS NULL AND resource_type = 'relay'`)) +
      (await count('tenant_billing WHERE anchor IS NOT NULL AND period_end <= $1', [clock.now()])),
    /** What a sweep would find now. */
    due: async (): Promise<number> => {
      const now = [clock.now()];
      const resolved = `NOT EXISTS (SELECT FROM collection_attempt attempt WHERE attempt.invoice_id = invoice.id
        AND attempt.state IN ('created', 'dispatched', 'unknown'))`;
      return (
        (await count(
          `invoice WHERE paid_at IS NULL AND voided_at IS NULL AND next_try_at <= $1 AND ${resolved}`,
          now,
        )) +
        (await count('offer WHERE settled_at IS NULL AND closed_at IS NULL AND next_check_at <= $1', now)) +
        (await count(
          `collection_attempt WHERE state IN ('created', 'dispatched', 'unknown') AND next_check_at <= $1`,
          now,
        )) +
        (await count('tenant_billing WHERE anchor IS NOT NULL AND period_end <= $1', now))
      );
    },
    /** Each invoice against the payments that left a wallet or a card for it; one invoice a tenant and period. */
    judge: async (): Promise<{ double: number; lost: number; differences: string[] }> => {
      const paid = await charges();
      const invoices = await database.query<{ id: string; paid: boolean; tenant_pubkey: string }>(
        `SELECT id, paid_at IS NOT NULL AS paid, tenant_pubkey FROM invoice WHERE voided_at IS NULL`,
      );
      const periods = await count('tenant_billing, generate_series(0, period_index) WHERE anchor IS NOT NULL');
      const known = new Set(invoices.map(({ id }) => id));
      const booked = (await problems()).map(({ problem, about }) => `${problem}: ${about}`);
      const strange = [...paid.keys()].filter((id) => !known.has(id));
      return {
        double: [...paid.values()].filter((times) => times > 1).length,
        lost: invoices.filter(({ id, paid: isPaid }) => !isPaid && paid.has(id)).length + strange.length,
        differences: [
          ...booked,
          ...invoices.filter(({ paid: isPaid }) => !isPaid).map(({ id }) => `invoice ${id} is open`),
          ...invoices.filter(({ id, paid: isPaid }) => isPaid && !paid.has(id)).map(({ id }) => `${id} was never paid`),
          ...(invoices.length === periods ? [] : [`${invoices.length} invoices of ${periods} periods`]),
        ],
      };
    },
  };
}

export type Book = ReturnType<typeof bookOf>;
