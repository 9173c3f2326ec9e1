import { createTestDatabase } from '@caravel/testing';
import type { Role, TestDatabase } from '@caravel/testing';
import pg from 'pg';

/** SQLSTATE of "permission denied". */
const DENIED = '42501';
const ROLES = ['gateway', 'billing', 'provisioner', 'robot'] as const;

const RELAY_SETTINGS = 'subdomain zooid_domain plan_id custom_domain policy_public_join deleted_at';

/** Column by column who may UPDATE; everybody else must be refused. */
const MAY_UPDATE: [column: string, by: readonly Role[]][] = [
  ['tenant_history.seq', ['gateway', 'billing', 'provisioner']],
  ['tenant.return_url', ['gateway']],
  ['tenant_wallet.sealed_url', ['gateway', 'billing']],
  ['tenant_wallet.updated_at', ['gateway']],
  ['tenant_billing.anchor', ['billing']],
  ['tenant_billing.churned_at', ['billing']],
  ...RELAY_SETTINGS.split(' ').map((column): [string, readonly Role[]] => [`relay.${column}`, ['gateway']]),
  ['relay.custom_domain_verified', ['gateway', 'provisioner']],
  ['relay.status', ['gateway', 'billing']],
  ['relay.info_name', ['gateway', 'provisioner']],
  ['relay.generation', ['gateway', 'billing', 'provisioner']],
  ['relay.next_sync_at', ['gateway', 'billing', 'provisioner']],
  ['relay.applied_generation', ['provisioner']],
  ['relay.removed_at', ['provisioner']],
  ['relay.idle_check_at', ['gateway']],
  ['relay.schema', []],
  ['relay.tenant_pubkey', []],
  ['relay_sync.sealed_secret', ['provisioner']],
  ['relay_sync.next_usage_at', ['provisioner']],
  ['relay_sample.events', ['provisioner']],
  ['relay_usage.events', ['provisioner']],
  ['relay_idle.stop_at', ['gateway']],
  ['relay_billing.numerator', ['billing']],
  ['activity.billed_at', ['billing']],
  ['activity.snapshot', []],
  ['activity.seq', []],
  ['tenant_event.seq', []],
  ['invoice.paid_at', ['billing']],
  ['invoice_item.invoice_id', ['billing']],
  ['offer.settled_at', ['billing']],
  ['collection_attempt.state', ['billing']],
  ['left_customer.next_try_at', ['billing']],
  ['left_customer.customer_id', []],
  ['ledger_entry.amount_cents', []],
  ['plan.amount_cents', []],
  ['message.sent_at', ['robot']],
  ['message.template', []],
  ['inbound_message.answered_at', []],
  ['message_delivery.accepted_at', ['robot']],
  ['service_key.retired_at', ['billing']],
  ['idempotency.answer', ['gateway']],
  ['used_http_auth.created_at', []],
  ['rate_count.points', ['gateway']],
  ['call_reply.answer', []],
];

/** Who may add rows. */
const MAY_INSERT: [table: string, by: readonly Role[]][] = [
  ['tenant_history', ['gateway']],
  ['tenant', ['gateway']],
  ['tenant_wallet', ['gateway']],
  ['tenant_billing', ['billing']],
  ['relay', ['gateway']],
  ['relay_sync', ['provisioner']],
  ['relay_move', ['provisioner']],
  ['relay_sample', ['provisioner']],
  ['relay_usage', ['provisioner']],
  ['relay_idle', ['gateway']],
  ['relay_billing', ['billing']],
  ['activity', ['gateway', 'billing', 'provisioner']],
  ['tenant_event', []],
  ['invoice', ['billing']],
  ['invoice_item', ['billing']],
  ['offer', ['billing']],
  ['collection_attempt', ['billing']],
  ['refund', ['billing']],
  ['invoice_counter', ['billing']],
  ['left_customer', []],
  ['ledger_entry', ['billing']],
  ['plan', []],
  ['message', ROLES],
  ['message_delivery', ['robot']],
  ['inbound_message', ['robot']],
  ['service_key', ['billing']],
  ['subdomain_hold', ['gateway']],
  ['idempotency', ['gateway']],
  ['used_http_auth', ['gateway']],
  ['rate_count', ['gateway']],
  ['transfer_ticket', ['gateway']],
  ['relay_domain', ['provisioner']],
  ['call_reply', ROLES],
];

/** Who may take rows away: only what is a note, never a fact. */
const MAY_DELETE: Record<string, readonly Role[]> = {
  left_customer: ['billing'],
  subdomain_hold: ['gateway'],
  relay_idle: ['gateway'],
  relay_usage: ['provisioner'],
  idempotency: ['gateway'],
  used_http_auth: ['gateway'],
  rate_count: ['gateway'],
  transfer_ticket: ['provisioner'],
  inbound_message: ['robot'],
  call_reply: ROLES,
};

/** Secrets, and who may read them. */
const MAY_READ: [column: string, by: readonly Role[]][] = [
  ['tenant_wallet.sealed_url', ['gateway', 'billing']],
  ['relay_sync.sealed_secret', ['provisioner']],
  ['relay_sync.applied', ['provisioner']],
  ['relay_sync.sync_error', ['gateway', 'provisioner', 'robot']],
  ['tenant_billing.stripe_customer_id', ['gateway', 'billing']],
  ['ledger_entry.amount_cents', ['gateway', 'billing']],
  ['idempotency.answer', ['gateway']],
  ['used_http_auth.event_id', ['gateway']],
];

let database: TestDatabase;
const clients = new Map<Role, pg.Client>();

beforeAll(async () => {
  database = await createTestDatabase();
  for (const role of ROLES) {
    const client = new pg.Client({ connectionString: database.url(role) });
    await client.connect();
    clients.set(role, client);
  }
});
afterAll(async () => {
  await Promise.all([...clients.values()].map((client) => client.end()));
  await database.drop();
});

/** Whether the server lets this role do it at all; the statements touch no row. */
async function isAllowed(role: Role, sql: string): Promise<boolean> {
  try {
    await clients.get(role)?.query(sql);
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === DENIED) return false;
    if (error instanceof pg.DatabaseError && error.code === '23502') return true; // it may, but forgot a column
    throw error;
  }
}

describe.each(ROLES)("%s, a service's database role, is refused what it may not write", (role) => {
  it.each(MAY_UPDATE)('update %s', async (column, by) => {
    const [table = '', name = ''] = column.split('.');
    expect(await isAllowed(role, `UPDATE "${table}" SET "${name}" = NULL WHERE false`)).toBe(by.includes(role));
  });

  it.each(MAY_INSERT)('insert into %s', async (table, by) => {
    // Without a row: only the right is asked for, also where the right is for the whole table.
    const columns = await database.query<{ name: string }>(
      'SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped',
      [table],
    );
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const nothing = `SELECT ${columns.map(() => 'NULL').join(', ')} WHERE false`;
    expect(await isAllowed(role, `INSERT INTO "${table}" (${names}) ${nothing}`)).toBe(by.includes(role));
  });

  it.each(MAY_INSERT.map(([table]) => table))('delete from %s', async (table) => {
    expect(await isAllowed(role, `DELETE FROM "${table}" WHERE false`)).toBe(
      MAY_DELETE[table]?.includes(role) ?? false,
    );
  });

  it.each(MAY_READ)('read %s', async (column, by) => {
    const [table = '', name = ''] = column.split('.');
    expect(await isAllowed(role, `SELECT "${name}" FROM "${table}" WHERE false`)).toBe(by.includes(role));
  });

  it('can make or empty no table', async () => {
    expect(await isAllowed(role, 'CREATE TABLE mine (id int)')).toBe(false);
    expect(await isAllowed(role, 'TRUNCATE activity')).toBe(false);
    expect(await isAllowed(role, 'ALTER TABLE invoice DISABLE TRIGGER ALL').catch(() => false)).toBe(false);
  });
});

it('every table is in the lists above', async () => {
  const rows = await database.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'`,
  );
  expect(rows.map(({ name }) => name).sort()).toEqual(MAY_INSERT.map(([table]) => table).sort());
});
