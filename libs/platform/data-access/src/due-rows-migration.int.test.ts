import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { migrate, platformFolder } from '@caravel/tools/migrate';

const DUE_ROWS = '20261120130000_due_rows';
const [TENANT, OTHER] = ['a'.repeat(64), 'b'.repeat(64)];

/** Migrations are written once and run on what is there: these start from a database of the version before. */
describe('a database whose invoices are older than their numbers', () => {
  let database: TestDatabase;
  let older: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    // An empty database instead of the migrated one.
    await database.query(`DROP SCHEMA public CASCADE`);
    await database.query(`CREATE SCHEMA public`);
    older = await folderBefore(DUE_ROWS);
    await migrate(database.url(), { folder: older });
    await database.query(`INSERT INTO tenant (pubkey, created_at) VALUES ($1, '2026-01-01Z'), ($2, '2026-01-01Z')`, [
      TENANT,
      OTHER,
    ]);
    await database.query(`INSERT INTO tenant_billing (tenant_pubkey) VALUES ($1), ($2)`, [TENANT, OTHER]);
  });
  afterEach(async () => {
    await database.drop();
    await rm(older, { recursive: true });
  });

  it('numbers each year in the order of writing, after the numbers that were given already', async () => {
    await writeInvoice('third', { created: '2026-03-01', issued: '2026-01-01' });
    await writeInvoice('first', { created: '2026-01-01 00:00:00' });
    await writeInvoice('second', { created: '2026-02-01', voided: true });
    await writeInvoice('next year', { created: '2027-01-01 00:00:00' });
    await writeInvoice('last year', { created: '2025-12-31 23:59:59' });
    await writeInvoice('numbered', { created: '2026-02-15', number: '2026-000001' });
    await database.query(`INSERT INTO invoice_counter (year, last) VALUES (2026, 1)`);

    expect((await migrate(database.url())).applied[0]).toBe(DUE_ROWS);
    expect(await numbers()).toEqual([
      { id: 'last year', number: '2025-000001' },
      { id: 'numbered', number: '2026-000001' },
      { id: 'first', number: '2026-000002' },
      { id: 'second', number: '2026-000003' },
      { id: 'third', number: '2026-000004' },
      { id: 'next year', number: '2027-000001' },
    ]);
    expect(await database.query(`SELECT year, last FROM invoice_counter ORDER BY year`)).toEqual([
      { year: 2025, last: 1 },
      { year: 2026, last: 4 },
      { year: 2027, last: 1 },
    ]);
  });

  it('counts nothing when there is nothing to number, and numbers on past six digits', async () => {
    await writeInvoice('numbered', { created: '2026-02-15', number: '2026-999999' });
    await writeInvoice('without', { created: '2026-02-16' });
    await database.query(`INSERT INTO invoice_counter (year, last) VALUES (2024, 7), (2026, 999999)`);
    await migrate(database.url());
    expect(await numbers()).toEqual([
      { id: 'without', number: '2026-1000000' },
      { id: 'numbered', number: '2026-999999' },
    ]);
    expect(await database.query(`SELECT last FROM invoice_counter WHERE year = 2024`)).toEqual([{ last: 7 }]);
  });

  it('puts whoever owes something on the calendar of dunning, and nobody else', async () => {
    await writeInvoice('open', { created: '2026-03-01' });
    await migrate(database.url());
    const due = await database.query(`SELECT tenant_pubkey FROM tenant_billing WHERE dunning_at IS NOT NULL`);
    expect(due).toEqual([{ tenant_pubkey: TENANT }]);
  });

  const numbers = () => database.query(`SELECT id, number FROM invoice ORDER BY number`);

  async function writeInvoice(
    id: string,
    { created, issued = created, number = null, voided = false }: OldInvoice,
  ): Promise<void> {
    await database.query(
      `INSERT INTO invoice (id, tenant_pubkey, cause, kind, amount_cents, period_start, period_end, issued_at, created_at,
                            number, voided_at, void_reason)
       VALUES ($1, $2, $1, 'interim', 500, '2026-01-01Z', '2026-02-01Z', $3, $4, $5, $6, $7)`,
      [id, TENANT, `${issued}Z`, `${created}Z`, number, voided ? `${created}Z` : null, voided ? 'recut' : null],
    );
  }
});

interface OldInvoice {
  created: string;
  issued?: string;
  number?: string | null;
  voided?: boolean;
}

/** The platform's folder as it was before a migration was added. */
async function folderBefore(migration: string): Promise<string> {
  const [source, target] = [platformFolder(), await mkdtemp(join(tmpdir(), 'caravel-before-'))];
  for (const name of await readdir(join(source, 'migrations'))) {
    if (name < migration)
      await cp(join(source, 'migrations', name), join(target, 'migrations', name), { recursive: true });
  }
  await cp(join(source, 'plans.json'), join(target, 'plans.json'));
  // Grants are for the newest version's tables.
  await writeFile(join(target, 'roles.sql'), '');
  return target;
}
