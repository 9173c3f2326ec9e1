import type { Id } from '@caravel/domain';
import type { Tx } from '@caravel/platform-data-access';

/**
 * Gives new invoices the next numbers of the year they are written in, `2026-000001` and so on, in the order of `ids`. The
 * numbers of a year have no gap: the counter's row is locked until this transaction ends, and goes back with it.
 *
 * Everybody who cuts invoices waits for that row, so this comes last in a transaction. A recut is numbered in the year in
 * which it was written, whatever issue date it inherited: a year's series doesn't grow after its end.
 */
export async function numberInvoices(tx: Tx, ids: readonly Id[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  const year = now.getUTCFullYear();
  await tx.$executeRaw`
    WITH counter AS (
      INSERT INTO invoice_counter (year, last) VALUES (${year}, ${ids.length})
      ON CONFLICT (year) DO UPDATE SET last = invoice_counter.last + excluded.last
      RETURNING last - ${ids.length} AS used
    ), given AS (
      SELECT id, (used + place)::text AS digits FROM counter, unnest(${[...ids]}::text[]) WITH ORDINALITY AS new(id, place)
    )
    UPDATE invoice SET number = ${String(year)} || '-' || lpad(digits, greatest(6, length(digits)), '0')
    FROM given WHERE invoice.id = given.id`;
}
