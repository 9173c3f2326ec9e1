import type { Id, Pubkey } from '@caravel/domain';
import { fromUnixSeconds } from '@caravel/domain';
import { closePlain } from './close-plain.js';
import { lockAccounts } from './lock-accounts.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { closeAll } from './testing/close-all.js';
import { anId, facts, utc } from './testing/facts.js';

describe('the period close', () => {
  let books: TestBooks;
  beforeEach(async () => {
    books = await openBooks(utc('2026-01-01'));
  });
  afterEach(async () => {
    expect(await books.problems()).toEqual([]);
    await books.close();
  });

  const tenantsOn = async (at: string, count: number): Promise<Pubkey[]> => {
    const tenants = await Promise.all(Array.from({ length: count }, () => books.newTenant()));
    await liveFrom(at, tenants);
    return tenants;
  };
  const liveFrom = async (at: string, tenants: readonly Pubkey[]) => {
    await Promise.all(
      tenants.map((tenant) =>
        books.addFacts(
          tenant,
          facts([
            { at, relay: anId() },
            { at, relay: anId() },
          ]),
        ),
      ),
    );
    books.clock.set(utc(at));
    await books.accounts.replay(tenants);
  };
  const numbers = async () =>
    (await books.database.query<{ number: string }>(`SELECT number FROM invoice ORDER BY number`)).map(
      ({ number }) => number,
    );

  it('cuts one cycle invoice for each of many tenants under 16 closers, all numbered without a gap', async () => {
    await tenantsOn('2026-01-31', 150);
    books.clock.set(utc('2026-02-28'));
    const closers = await Promise.all(Array.from({ length: 16 }, () => closeAll(books.accounts, { limit: 10 })));
    expect(closers.reduce((sum, { plain }) => sum + plain, 0)).toBe(150);
    const rows = await books.database.query(
      `SELECT tenant_pubkey FROM invoice WHERE cause = 'cycle:${utc('2026-02-28')}' AND kind = 'cycle' AND amount_cents = 1500`,
    );
    expect(rows).toHaveLength(150);
    expect(await numbers()).toEqual(Array.from({ length: 300 }, (_, n) => `2026-${String(n + 1).padStart(6, '0')}`));
  });

  it('writes nothing when it runs again', async () => {
    await tenantsOn('2026-01-31', 3);
    books.clock.set(utc('2026-02-28 12:00:00'));
    expect(await closeAll(books.accounts, { limit: 2 })).toEqual({ plain: 3, replayed: 0, invoices: 3 });
    const before = await snapshot(books);
    expect(await closeAll(books.accounts, { limit: 2 })).toEqual({ plain: 0, replayed: 0, invoices: 0 });
    expect(await snapshot(books)).toEqual(before);
  });

  it('looks again after it has the lock: a tenant that was closed meanwhile is left alone', async () => {
    const tenants = await tenantsOn('2026-01-01', 2);
    books.clock.set(utc('2026-02-01'));
    await closeAll(books.accounts, { limit: 10 });
    const before = await snapshot(books);
    await books.client.$transaction(async (tx) => {
      await lockAccounts(tx, tenants, { skipLocked: false });
      expect(await closePlain(tx, tenants, { now: books.clock.now(), graceDays: 7 })).toEqual([]);
    });
    expect(await snapshot(books)).toEqual(before);
  });

  it('replays who has facts, a relay that never answered, nothing to renew, or two boundaries behind', async () => {
    const newTenant = () => books.newTenant();
    const [fresh, silent, stopped, long] = [await newTenant(), await newTenant(), await newTenant(), await newTenant()];
    await liveFrom('2026-01-01', [fresh, silent, stopped, long]);
    books.clock.set(utc('2026-01-20'));
    await books.addFacts(silent, facts([{ at: '2026-01-20', up: false }], { after: 2 }));
    const relays = await books.database.query<{ relay_id: Id }>(
      `SELECT relay_id FROM relay_billing WHERE tenant_pubkey = $1`,
      [stopped],
    );
    const stops = relays.map(({ relay_id: relay }) => ({
      at: '2026-01-20',
      relay,
      status: 'inactive' as const,
    }));
    await books.addFacts(stopped, facts(stops, { after: 2 }));
    await books.accounts.replay([silent, stopped]);
    await books.database.query(
      `UPDATE tenant_billing SET anchor = $2, period_start = $2, period_end = $3 WHERE tenant_pubkey = $1`,
      [long, fromUnixSeconds(utc('2025-12-15')), fromUnixSeconds(utc('2026-01-15'))],
    );
    await books.addFacts(fresh, facts([{ at: '2026-01-31' }], { after: 2 }));

    books.clock.set(utc('2026-02-20'));
    expect(await closeAll(books.accounts, { limit: 10 })).toMatchObject({ plain: 0, replayed: 4 });
    const anchors = await books.database.query<{ period_end: Date | null; anchored: boolean }>(
      `SELECT anchor IS NOT NULL AS anchored, period_end FROM tenant_billing
       WHERE tenant_pubkey = ANY($1) ORDER BY array_position($1, tenant_pubkey)`,
      [[fresh, silent, stopped, long]],
    );
    expect(anchors).toEqual([
      { anchored: true, period_end: fromUnixSeconds(utc('2026-03-01')) },
      { anchored: true, period_end: fromUnixSeconds(utc('2026-03-01')) },
      { anchored: false, period_end: fromUnixSeconds(utc('2026-02-01')) },
      { anchored: true, period_end: fromUnixSeconds(utc('2026-03-15')) },
    ]);
  });

  it('passes by whom somebody else works on, and finds them later', async () => {
    const [held] = await tenantsOn('2026-01-01', 3);
    books.clock.set(utc('2026-02-01'));
    await books.client.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT FROM tenant_history WHERE pubkey = ${held ?? ''} FOR UPDATE`;
      expect(await closeAll(books.accounts, { limit: 10 })).toMatchObject({ plain: 2 });
    });
    expect(await closeAll(books.accounts, { limit: 10 })).toMatchObject({ plain: 1 });
  });

  it('gives back its numbers when it fails', async () => {
    await tenantsOn('2026-01-01', 2);
    books.clock.set(utc('2026-02-01'));
    await books.database.query(
      `ALTER TABLE invoice ADD CONSTRAINT broken CHECK (number IS NULL OR number < '2026-000004')`,
    );
    await expect(closeAll(books.accounts, { limit: 10 })).rejects.toThrow('broken');
    await books.database.query(`ALTER TABLE invoice DROP CONSTRAINT broken`);
    expect(await closeAll(books.accounts, { limit: 10 })).toMatchObject({ plain: 2 });
    expect(await numbers()).toEqual(['2026-000001', '2026-000002', '2026-000003', '2026-000004']);
  });

  it('starts the numbers anew each year', async () => {
    await tenantsOn('2026-12-01', 1);
    books.clock.set(utc('2027-01-01'));
    await closeAll(books.accounts, { limit: 10 });
    expect(await numbers()).toEqual(['2026-000001', '2027-000001']);
  });

  it('numbers on after the millionth', async () => {
    await books.database.query(`INSERT INTO invoice_counter (year, last) VALUES (2026, 999999)`);
    await tenantsOn('2026-01-01', 1);
    expect(await numbers()).toEqual(['2026-1000000']);
  });
});

const snapshot = ({ database }: TestBooks) =>
  Promise.all(
    [
      'invoice',
      'invoice_item',
      'ledger_entry',
      'relay_billing',
      'tenant_billing',
      'tenant_history',
      'invoice_counter',
    ].map((table) => database.query(`SELECT xmin, * FROM ${table} ORDER BY 2, 3`)),
  );
