import { idMaker, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import type { TestDatabase } from '@caravel/testing';

const newId = idMaker(systemClock);

/** Rows that billing would write: an open invoice of 500 cents with one item, and an unbilled item of 180. */
export async function seedInvoice({ query }: TestDatabase, tenantPubkey: string): Promise<Id> {
  const id = newId();
  await query(
    `INSERT INTO tenant_billing (tenant_pubkey, anchor, period_start, period_end, stripe_customer_id)
     VALUES ($1, '2030-01-01Z', '2030-01-01Z', '2030-02-01Z', 'cus_1') ON CONFLICT DO NOTHING`,
    [tenantPubkey],
  );
  await query(
    `INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at)
     VALUES ($1, $2, $1, 'interim', 500, '2030-01-01Z', '2030-02-01Z', '2030-01-01Z', '2030-01-01Z')`,
    [id, tenantPubkey],
  );
  for (const [invoiceId, cents] of [
    [id, 500],
    [null, 180],
  ]) {
    await query(
      `INSERT INTO invoice_item (id, tenant_pubkey, invoice_id, plan_id, kind, command_id, amount_cents, description, created_at)
       VALUES ($1, $2, $3, 'basic', 'adjustment', $1, $4, 'A month of basic', '2030-01-01Z')`,
      [newId(), tenantPubkey, invoiceId, cents],
    );
  }
  return id;
}

/** A message as billing adds it. */
export async function seedMessage(
  { query }: TestDatabase,
  tenantPubkey: string,
  { template, params }: { template: string; params: object },
): Promise<Id> {
  const id = newId();
  await query(
    'INSERT INTO message (id, tenant_pubkey, template, subject, params, created_at) VALUES ($1, $2, $3, $1, $4, now())',
    [id, tenantPubkey, template, params],
  );
  return id;
}

/** A live Lightning offer for an invoice, as billing makes it. */
export async function seedBolt11({ query }: TestDatabase, tenantPubkey: string, invoiceId: Id): Promise<Id> {
  const id = newId();
  await query(
    `INSERT INTO offer (id, invoice_id, tenant_pubkey, kind, amount_cents, msats, payment_hash, lnbc, created_at, expires_at)
     VALUES ($1, $2, $3, 'bolt11', 500, 5000000, $1, 'lnbc50u1example', '2030-01-01Z', '2030-01-01 01:00Z')`,
    [id, invoiceId, tenantPubkey],
  );
  return id;
}

/** The unguessable part of the link to an invoice's page. */
export async function tokenOf({ query }: TestDatabase, invoiceId: string): Promise<string> {
  const [row] = await query<{ public_token: string }>('SELECT public_token FROM invoice WHERE id = $1', [invoiceId]);
  return row?.public_token ?? '';
}

/** Money that moved at one moment: by card, by hand, back, and lost; and an attempt that failed then. */
export async function seedLedger({ query }: TestDatabase, tenantPubkey: string, at: string): Promise<void> {
  const [{ id: invoiceId } = { id: '' }] = await query<{ id: string }>(
    'SELECT id FROM invoice WHERE tenant_pubkey = $1',
    [tenantPubkey],
  );
  for (const [debit, credit, cents] of [
    ['cash_stripe', 'receivable', 700],
    ['cash_oob', 'credit', 300],
    ['credit', 'cash_stripe', 150],
    ['write_off', 'receivable', 500],
  ]) {
    await query(
      `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at) VALUES
       ($1, $2, $3, $5, $6), ($1, $2, $4, -$5::int, $6)`,
      [newId(), tenantPubkey, debit, credit, cents, at],
    );
  }
  await query(
    `INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, amount_cents, created_at, resolved_at)
     VALUES ($1, $2, $3, 'card', 'failed', 500, $4, $4)`,
    [newId(), invoiceId, tenantPubkey, at],
  );
}
