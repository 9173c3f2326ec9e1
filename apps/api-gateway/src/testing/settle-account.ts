import type { TestDatabase } from '@caravel/testing';

/** What billing and time do until an account may be deleted: relays are stopped, everything is billed, paid, and even. */
export async function settleAccount({ query }: TestDatabase, pubkey: string): Promise<void> {
  for (const sql of [
    `UPDATE relay SET status = 'inactive', applied_generation = generation WHERE tenant_pubkey = $1`,
    `UPDATE activity SET billed_at = now() WHERE tenant_pubkey = $1 AND billed_at IS NULL`,
    `UPDATE invoice SET paid_at = now(), method = 'oob' WHERE tenant_pubkey = $1 AND paid_at IS NULL AND voided_at IS NULL`,
    `UPDATE invoice_item SET voided_at = now() WHERE tenant_pubkey = $1 AND invoice_id IS NULL AND voided_at IS NULL`,
  ]) {
    await query(sql, [pubkey]);
  }
}
