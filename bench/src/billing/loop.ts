import { idMaker } from '@caravel/domain';
import type { Clock, NewId } from '@caravel/domain';
import pg from 'pg';

/**
 * The peer: what one writes by hand, a loop over due tenants with one transaction each. It takes the same locks, reads what
 * the close has to know, and writes the same rows, with one statement for each table.
 */
export async function closeInLoop(
  connectionString: string,
  { connections, clock }: { connections: number; clock: Clock },
) {
  const pool = new pg.Pool({ connectionString, max: connections, options: '-c timezone=UTC' });
  // `end()` resolves before the server has let go of every connection, and its stop then cuts some off.
  pool.on('error', () => undefined);
  const newId = idMaker(clock);
  try {
    const { rows: due } = await pool.query<{ tenant: string }>(DUE, [clock.now()]);
    const worker = async () => {
      for (let next = due.pop(); next; next = due.pop())
        await inOneTransaction(pool, next.tenant, { now: clock.now(), newId });
    };
    await Promise.all(Array.from({ length: connections }, worker));
  } finally {
    await pool.end();
  }
}

async function inOneTransaction(pool: pg.Pool, tenant: string, tools: Tools): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await closeTenant(client, tenant, tools);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

async function closeTenant(client: pg.PoolClient, tenant: string, { now, newId }: Tools): Promise<void> {
  await client.query('SELECT FROM tenant_history WHERE pubkey = $1 FOR UPDATE', [tenant]);
  const { rows: periods } = await client.query<Period>(PERIOD, [tenant, now]);
  const { rows: facts } = await client.query(FACTS, [tenant]);
  const [period] = periods;
  if (!period || facts.length > 0) return;
  const { rows: drafts } = await client.query<{ cents: number }>(DRAFT, [tenant]);
  const { rows: relays } = await client.query<Relay>(RELAYS, [tenant]);
  const items = relays.map((relay) => ({ ...relay, id: newId() }));
  const totalCents = items.reduce((sum, { amount_cents: cents }) => sum + cents, drafts[0]?.cents ?? 0);
  const id = newId();

  const cause = `cycle:${period.starts.getTime() / 1000}`;
  await client.query(INVOICE, [id, tenant, cause, totalCents, period.starts, period.ends, now]);
  await client.query(ITEMS, [
    ...[tenant, id, period.starts, period.ends],
    items.map((item) => item.id),
    items.map((item) => item.relay_id),
    items.map((item) => item.plan_id),
    items.map((item) => item.amount_cents),
    items.map((item) => `${item.plan_id}: ${day(period.starts)} to ${day(period.ends)}`),
  ]);
  const sides = [
    ...items.flatMap((item) => bothSides(`item:${item.id}`, ['unbilled', 'revenue'], item.amount_cents)),
    ...bothSides(`invoice:${id}`, ['receivable', 'unbilled'], totalCents),
  ];
  await client.query(LEDGER, [
    ...[tenant, now],
    sides.map(({ source }) => source),
    sides.map(({ account }) => account),
    sides.map(({ cents }) => cents),
  ]);
  await client.query(SUMS, [tenant, (period.ends.getTime() - period.starts.getTime()) / 1000]);
  await client.query(MOVE_ON, [tenant, period.starts, period.ends, now]);
  await client.query('UPDATE tenant_history SET at = $2 WHERE pubkey = $1', [tenant, period.starts]);
  const { rows: counters } = await client.query<{ last: number }>(COUNT, [now.getUTCFullYear()]);
  await client.query('UPDATE invoice SET number = $2 WHERE id = $1', [
    id,
    `${now.getUTCFullYear()}-${String(counters[0]?.last).padStart(6, '0')}`,
  ]);
}

const DUE = `SELECT tenant_pubkey AS tenant FROM tenant_billing WHERE anchor IS NOT NULL AND period_end <= $1
  ORDER BY period_end DESC, tenant_pubkey`;
const PERIOD = `SELECT period_end AS starts, anchor + (period_index + 2) * interval '1 month' AS ends FROM tenant_billing
  WHERE tenant_pubkey = $1 AND anchor IS NOT NULL AND period_end <= $2`;
const FACTS = `SELECT FROM activity WHERE tenant_pubkey = $1 AND billed_at IS NULL AND resource_type = 'relay' LIMIT 1`;
const DRAFT = `SELECT coalesce(sum(amount_cents), 0)::int AS cents FROM invoice_item
  WHERE tenant_pubkey = $1 AND invoice_id IS NULL AND voided_at IS NULL`;
const RELAYS = `SELECT relay_id, plan_id, amount_cents FROM relay_billing WHERE tenant_pubkey = $1 AND billable
  ORDER BY created_at, relay_id`;
const INVOICE = `INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at,
  created_at, next_try_at) VALUES ($1, $2, $3, 'cycle', $4, $5, $6, $7, $7, $7)`;
const ITEMS = `INSERT INTO invoice_item (id, tenant_pubkey, invoice_id, relay_id, plan_id, kind, amount_cents, description,
    period_start, period_end, created_at)
  SELECT id, $1, $2, relay, plan, 'renewal', cents, description, $3, $4, $3
  FROM unnest($5::text[], $6::text[], $7::text[], $8::int[], $9::text[]) AS item(id, relay, plan, cents, description)`;
const LEDGER = `INSERT INTO ledger_entry (source, tenant_pubkey, account, amount_cents, at)
  SELECT source, $1, account, cents, $2 FROM unnest($3::text[], $4::text[], $5::int[]) AS side(source, account, cents)`;
const SUMS = `UPDATE relay_billing SET numerator = amount_cents * $2::bigint, itemised_cents = amount_cents
  WHERE tenant_pubkey = $1 AND billable`;
const MOVE_ON = `UPDATE tenant_billing SET period_index = period_index + 1, period_start = $2, period_end = $3,
    dunning_at = least(dunning_at, $4::timestamptz + interval '2 days')
  WHERE tenant_pubkey = $1`;
const COUNT = `INSERT INTO invoice_counter (year, last) VALUES ($1, 1)
  ON CONFLICT (year) DO UPDATE SET last = invoice_counter.last + 1 RETURNING last`;

const day = (date: Date): string => date.toISOString().slice(0, 10);

const bothSides = (source: string, [debit, credit]: [string, string], cents: number) => [
  { source, account: debit, cents },
  { source, account: credit, cents: -cents },
];

interface Tools {
  now: Date;
  newId: NewId;
}
interface Period {
  starts: Date;
  ends: Date;
}
interface Relay {
  relay_id: string;
  plan_id: string;
  amount_cents: number;
}
