import type { Id, Pubkey } from '@caravel/domain';
import type { TestDatabase } from '@caravel/testing';

/** What a test looks at, in the order in which it came to be. */
export function rows({ query }: TestDatabase) {
  return {
    invoicesOf: (tenant: Pubkey) =>
      query<InvoiceLine>(
        `SELECT id, amount_cents, method, paid_at IS NOT NULL AS paid, voided_at IS NOT NULL AS voided, tries,
                extract(epoch FROM next_try_at)::int AS next_try_s
         FROM invoice WHERE tenant_pubkey = $1 ORDER BY issued_at, created_at`,
        [tenant],
      ),
    attemptsOf: (tenant: Pubkey) =>
      query<{ state: string; error: string | null; offer_id: string }>(
        `SELECT state, error, offer_id FROM collection_attempt WHERE tenant_pubkey = $1 ORDER BY created_at`,
        [tenant],
      ),
    offersOf: (tenant: Pubkey) =>
      query<{ id: string; lnbc: string; live: boolean; settled: boolean; closed: boolean; invoice_id: Id }>(
        `SELECT id, lnbc, live, settled_at IS NOT NULL AS settled, closed_at IS NOT NULL AS closed, invoice_id
         FROM offer WHERE tenant_pubkey = $1 ORDER BY created_at`,
        [tenant],
      ),
    /** Templates. */
    messagesOf: async (tenant: Pubkey): Promise<string[]> => {
      const found = await query<{ template: string }>(
        `SELECT template FROM message WHERE tenant_pubkey = $1 ORDER BY created_at, template`,
        [tenant],
      );
      return found.map(({ template }) => template);
    },
    /** What items on no invoice sum to; negative is credit. */
    unbilledOf: async (tenant: Pubkey): Promise<number> => {
      const [found] = await query<{ cents: number }>(
        `SELECT coalesce(sum(amount_cents), 0)::int AS cents FROM invoice_item
         WHERE tenant_pubkey = $1 AND invoice_id IS NULL AND voided_at IS NULL`,
        [tenant],
      );
      return found?.cents ?? 0;
    },
  };
}

export interface InvoiceLine {
  id: Id;
  amount_cents: number;
  method: string | null;
  paid: boolean;
  voided: boolean;
  tries: number;
  next_try_s: number | null;
}
