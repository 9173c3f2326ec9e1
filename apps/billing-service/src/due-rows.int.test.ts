import { openDatabase } from '@caravel/platform-data-access';
import { watchedClient } from '@caravel/testing';
import { openBilling } from './testing/service.js';
import type { TestBilling } from './testing/service.js';

const OTHERS = 100_000;
const TABLES = ['tenant_billing', 'tenant_wallet', 'invoice', 'collection_attempt', 'offer', 'activity'];

/** Tenants whose every date lies ahead: a wallet and a card that are known, a paid and an open invoice that was tried. */
const CROWD = [
  `INSERT INTO tenant (pubkey, created_at) SELECT key, '2025-12-01Z' FROM crowd`,
  `INSERT INTO tenant_history (pubkey, at) SELECT key, '2025-12-01Z' FROM crowd`,
  `INSERT INTO tenant_wallet (tenant_pubkey, sealed_url, seal_pubkey, updated_at, noticed_at)
   SELECT key, 'box', (SELECT pubkey FROM service_key LIMIT 1), '2025-12-01Z', '2025-12-01Z' FROM crowd`,
  `INSERT INTO tenant_billing (tenant_pubkey, stripe_customer_id, stripe_payment_method_id, card_changed_at, card_noticed_at,
     anchor, period_start, period_end, dunning_at, churned_at, short_grace)
   SELECT key, 'cus_' || key, 'pm', '2025-12-01Z', '2025-12-01Z', '2025-12-15Z', '2025-12-15Z', '2026-01-15Z', '2026-01-05Z',
     CASE WHEN n % 10 = 0 THEN '2025-12-20Z'::timestamptz END, n % 20 = 0 FROM crowd`,
  `INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at, tries,
     next_try_at, paid_at, method)
   SELECT format('%s-%s', key, open), key, 'cycle:' || open, 'cycle', 500, '2025-11-15Z'::timestamptz + open * interval '1 month',
     '2025-12-15Z'::timestamptz + open * interval '1 month', '2025-12-15Z', '2025-12-15Z', 2,
     CASE open WHEN 1 THEN '2026-01-05Z'::timestamptz END, CASE open WHEN 0 THEN '2025-12-15Z'::timestamptz END,
     CASE open WHEN 0 THEN 'nwc' END
   FROM crowd CROSS JOIN generate_series(0, 1) AS open`,
  `INSERT INTO activity (id, tenant_pubkey, seq, at, type, resource_type, resource_id, actor, snapshot, billed_at)
   SELECT key, key, 1, '2025-12-15Z', 'create_relay', 'relay', key, key, '{}', '2025-12-15Z' FROM crowd`,
  `INSERT INTO offer (id, invoice_id, tenant_pubkey, kind, amount_cents, checkout_session_id, live, created_at, expires_at, settled_at)
   SELECT key, key || '-0', key, 'checkout', 500, key, false, '2025-12-15Z', '2025-12-15Z', '2025-12-15Z' FROM crowd`,
  `INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, amount_cents, created_at, dispatched_at, resolved_at)
   SELECT key, key || '-1', key, 'nwc', 'failed', 500, '2025-12-15Z', '2025-12-15Z', '2025-12-15Z' FROM crowd`,
];

describe('what the sweeps read', () => {
  let test: TestBilling;
  beforeAll(async () => {
    test = await openBilling();
    await test.database.query(
      `CREATE TABLE crowd AS SELECT n, lpad(to_hex(n), 64, '0') AS key FROM generate_series(1, ${String(OTHERS)}) AS n`,
    );
    // Nobody listens to the crowd.
    const withoutTriggers = (how: string) =>
      ['activity', 'invoice'].map((table) => `ALTER TABLE ${table} ${how} TRIGGER USER`);
    for (const statement of [...withoutTriggers('DISABLE'), ...CROWD, ...withoutTriggers('ENABLE'), 'ANALYZE'])
      await test.database.query(statement);
  }, 120_000);
  afterAll(() => test.close());

  /** All sweeps of a process of its own; answers its statements. */
  const sweep = async (): Promise<string[]> => {
    const statements = new Set<string>();
    const Client = watchedClient({ before: (sql) => statements.add(sql), after: () => undefined });
    const db = openDatabase(test.database.url('billing'), { max: 4, Client });
    const service = test.start(undefined, { client: db.client });
    // Once a day all open invoices are looked at. What is looked at here comes after that.
    await service.sweep('dunning');
    statements.clear();
    await service.sweep();
    await db.close();
    return [...statements];
  };

  it('is what is due, by an index, however many tenants there are whose time has not come', async () => {
    const tenants = [await test.newTenant(), await test.newTenant(), await test.newTenant()];
    for (const tenant of tenants) {
      await test.createRelay(tenant);
      await test.start().bell(tenant);
      await test.connectWallet(tenant);
    }
    const statements = await sweep();
    for (const tenant of tenants) expect(await test.invoicesOf(tenant)).toMatchObject([{ paid: true, method: 'nwc' }]);

    const plans = await Promise.all(
      statements
        .filter((sql) => /^\s*\(?(SELECT|WITH|UPDATE|INSERT)/.test(sql))
        .map(async (sql) => {
          const rows = await test.database.query<Record<string, string>>(`EXPLAIN (GENERIC_PLAN) ${sql}`);
          return { sql, plan: rows.map((row) => row['QUERY PLAN']).join('\n') };
        }),
    );
    expect(plans.length).toBeGreaterThan(20);
    for (const { sql, plan } of plans)
      for (const table of TABLES)
        expect({ sql, plan }).not.toMatchObject({ plan: expect.stringContaining(`Seq Scan on ${table} `) });
  }, 120_000);
});
