import type { Pubkey } from '@caravel/domain';
import { fromUnixSeconds } from '@caravel/domain';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { anId, facts, utc } from './testing/facts.js';
import type { Line } from './testing/facts.js';

describe('the books of a tenant', () => {
  let books: TestBooks;
  let tenant: Pubkey;
  beforeAll(async () => {
    books = await openBooks(utc('2026-01-01'));
  });
  afterAll(() => books.close());
  beforeEach(async () => {
    tenant = await books.newTenant();
  });
  afterEach(async () => {
    expect(await books.problems()).toEqual([]);
  });

  const live = async (lines: readonly Line[], until: string, options?: { after: number }) => {
    await books.addFacts(tenant, facts(lines, options));
    return wake(until);
  };
  const wake = async (at: string) => {
    books.clock.set(utc(at));
    return books.accounts.replay([tenant]);
  };
  const invoices = async () =>
    (await books.invoices(tenant)).map(
      ({ cause, amount_cents, voided }) => `${cause.split(':')[0] ?? ''} ${amount_cents}${voided ? ' voided' : ''}`,
    );
  const amounts = async () => (await books.items(tenant)).map(({ kind, amount_cents }) => `${kind} ${amount_cents}`);

  it('cuts the first invoice once under 16 concurrent replays', async () => {
    await books.addFacts(tenant, facts([{ at: '2026-01-01' }]));
    books.clock.set(utc('2026-01-01 00:00:01'));
    const replayed = await Promise.all(Array.from({ length: 16 }, () => books.accounts.replay([tenant])));
    expect(replayed.flatMap(([account]) => account?.invoiceIds ?? [])).toHaveLength(1);
    expect(await invoices()).toEqual(['cycle 500']);
  });

  it('writes nothing when there is nothing new', async () => {
    await live([{ at: '2026-01-01' }], '2026-01-01');
    const snapshot = () =>
      Promise.all(
        [
          'invoice',
          'invoice_item',
          'ledger_entry',
          'relay_billing',
          'tenant_billing',
          'activity',
          'tenant_history',
        ].map((table) => books.database.query(`SELECT xmin, * FROM ${table} ORDER BY 2, 3`)),
      );
    const before = await snapshot();
    await wake('2026-01-15');
    expect(await snapshot()).toEqual(before);
  });

  it('H1: charges month after month from the last day of January', async () => {
    await live([{ at: '2026-01-31' }], '2026-04-30');
    const lines = await books.invoices(tenant);
    expect(lines.map(({ amount_cents }) => amount_cents)).toEqual([500, 500, 500, 500]);
    expect(lines.map(({ start_s }) => start_s)).toEqual(
      ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'].map(utc),
    );
  });

  it('H2: asks for nothing when a relay ran for an hour', async () => {
    const relay = anId();
    await live([{ at: '2026-01-01', relay }], '2026-01-01');
    await live([{ at: '2026-01-01 01:00:00', relay, status: 'inactive' }], '2026-01-02', { after: 1 });
    expect(await invoices()).toEqual(['cycle 500 voided']);
    expect(await amounts()).toEqual(['charge 500', 'credit -499']);
    await wake('2026-02-01');
    expect(await invoices()).toEqual(['cycle 500 voided']);
  });

  it('H6: a change that costs much more is invoiced at once', async () => {
    const relay = anId();
    await live([{ at: '2026-01-01', relay }], '2026-01-01');
    await live([{ at: '2026-01-16 12:00:00', plan: 'growth', relay }], '2026-01-16 12:00:00', { after: 1 });
    expect(await invoices()).toEqual(['cycle 500', 'interim 1000']);
  });

  it('H9: a small change waits for the next invoice', async () => {
    await live([{ at: '2026-01-01' }], '2026-01-01');
    await live([{ at: '2026-01-01 00:00:10' }], '2026-01-02', { after: 1 });
    expect(await invoices()).toEqual(['cycle 500']);
    await wake('2026-02-01');
    expect(await invoices()).toEqual(['cycle 500', 'cycle 1500']);
  });

  it('H16: facts of one second are billed by seq, after a boundary of that second', async () => {
    const relay = anId();
    const lines = [
      { at: '2026-01-01', relay },
      { at: '2026-02-01', plan: 'growth' as const, relay },
      { at: '2026-02-01', plan: 'basic' as const, relay },
    ];
    await live(lines, '2026-02-01');
    expect(await invoices()).toEqual(['cycle 500', 'cycle 500', 'interim 2000 voided']);
    expect(await amounts()).toEqual([
      'charge 500',
      'renewal 500',
      'credit -500',
      'charge 2500',
      'credit -2500',
      'charge 500',
    ]);
  });

  it('a recut keeps issue date, tries and kind of the invoice it replaces', async () => {
    const relay = anId();
    await live([{ at: '2026-01-01', relay, plan: 'growth' }], '2026-01-01');
    const nextTryAt = fromUnixSeconds(utc('2026-01-06'));
    await books.database.query(`UPDATE invoice SET tries = 2, next_try_at = $2 WHERE tenant_pubkey = $1`, [
      tenant,
      nextTryAt,
    ]);
    await live([{ at: '2026-01-02', relay }], '2026-01-03', { after: 1 });
    const [first, second] = (await books.invoices(tenant)).sort((x, y) => Number(y.voided) - Number(x.voided));
    expect(first).toMatchObject({ kind: 'cycle', amount_cents: 2500, voided: true, next_try_at: null });
    expect(second).toMatchObject({
      kind: 'cycle',
      cause: `recut:${first?.id ?? ''}`,
      tries: 2,
      next_try_at: nextTryAt,
    });
    expect(second?.issued_at).toEqual(first?.issued_at);
  });

  it('leaves an invoice alone while an attempt on it is unresolved', async () => {
    const relay = anId();
    await live([{ at: '2026-01-01', relay }], '2026-01-01');
    const [invoice] = await books.invoices(tenant);
    await books.database.query(
      `INSERT INTO collection_attempt (id, invoice_id, tenant_pubkey, rail, state, amount_cents, created_at)
       VALUES ($1, $2, $3, 'nwc', 'created', 500, $4)`,
      [anId(), invoice?.id, tenant, books.clock.now()],
    );
    await live([{ at: '2026-01-02', relay, status: 'inactive' }], '2026-01-02', { after: 1 });
    expect(await invoices()).toEqual(['cycle 500']);
    await books.database.query(
      `UPDATE collection_attempt SET state = 'failed', resolved_at = created_at WHERE tenant_pubkey = $1`,
      [tenant],
    );
    await wake('2026-01-02 00:00:01');
    expect(await invoices()).toEqual(['cycle 500 voided']);
  });

  it('keeps facts out of a month that was closed', async () => {
    await live([{ at: '2026-01-01' }], '2026-02-01 00:00:03');
    const [history] = await books.database.query(`SELECT at FROM tenant_history WHERE pubkey = $1`, [tenant]);
    expect(history).toEqual({ at: fromUnixSeconds(utc('2026-02-01')) });
  });

  it('takes more facts than fit into one transaction in order, boundaries included', async () => {
    const relay = anId();
    const toggles = Array.from({ length: 600 }, (_, n): Line => {
      return { at: utc('2026-01-01') + n * 5000, relay, status: n % 2 === 1 ? 'inactive' : 'active' };
    });
    await books.addFacts(tenant, facts(toggles));
    books.clock.set(utc('2026-03-01'));
    const rounds = [];
    do rounds.push(...(await books.accounts.replay([tenant])));
    while (rounds.at(-1)?.more);
    expect(rounds).toHaveLength(2);
    const [{ unbilled } = { unbilled: -1 }] = await books.database.query<{ unbilled: number }>(
      `SELECT count(*)::int AS unbilled FROM activity WHERE billed_at IS NULL AND tenant_pubkey = $1`,
      [tenant],
    );
    expect(unbilled).toBe(0);
  });

  it('leaves out who is locked and who does not exist', async () => {
    await books.addFacts(tenant, facts([{ at: '2026-01-01' }]));
    const other = await books.newTenant();
    await books.client.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM tenant_history WHERE pubkey = ${tenant} FOR UPDATE`;
      const replayed = await books.accounts.replay([tenant, other], { skipLocked: true });
      expect(replayed.map(({ tenantPubkey }) => tenantPubkey)).toEqual([other]);
    });
    expect(await books.accounts.replay(['f'.repeat(64) as Pubkey])).toEqual([]);
  });

  it('finds tenants with unbilled facts and with a boundary behind them, page by page', async () => {
    const all = [tenant, await books.newTenant(), await books.newTenant()].sort();
    for (const each of all) await books.addFacts(each, facts([{ at: '2026-03-01' }]));
    books.clock.set(utc('2026-03-01'));
    const first = await books.accounts.withUnbilledFacts({ after: null, limit: 2 });
    const rest = await books.accounts.withUnbilledFacts({ after: first.at(-1) ?? null, limit: 100 });
    expect([...first, ...rest].filter((pubkey) => all.includes(pubkey))).toEqual(all);

    await books.accounts.replay(all);
    expect(await books.accounts.withUnbilledFacts({ after: null, limit: 100 })).not.toEqual(
      expect.arrayContaining(all),
    );
    books.clock.set(utc('2026-04-01'));
    const due = await books.accounts.pastBoundary({ after: null, limit: 100 });
    const pages = [];
    for (let after = null; ; after = pages.at(-1) ?? null) {
      const page = await books.accounts.pastBoundary({ after, limit: 1 });
      if (page.length === 0) break;
      pages.push(...page);
    }
    expect(pages).toEqual(due);
    expect(due.map(({ tenantPubkey }) => tenantPubkey)).toEqual(expect.arrayContaining(all));
  });

  it('knows who needs a customer, and keeps the first one', async () => {
    expect(await books.accounts.needsCustomer(tenant)).toBe(false);
    await live([{ at: '2026-04-01' }], '2026-04-01');
    expect(await books.accounts.needsCustomer(tenant)).toBe(true);
    await books.accounts.saveCustomer(tenant, 'cus_1');
    await books.accounts.saveCustomer(tenant, 'cus_2');
    expect(await books.accounts.needsCustomer(tenant)).toBe(false);
    const rows = await books.database.query(`SELECT stripe_customer_id FROM tenant_billing WHERE tenant_pubkey = $1`, [
      tenant,
    ]);
    expect(rows).toEqual([{ stripe_customer_id: 'cus_1' }]);
  });
});
