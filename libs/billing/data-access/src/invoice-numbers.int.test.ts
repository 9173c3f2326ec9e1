import type { Pubkey } from '@caravel/domain';
import { inTransaction } from '@caravel/platform-data-access';
import type { Tx } from '@caravel/platform-data-access';
import { lockAccounts } from './lock-accounts.js';
import { replayAccounts } from './replay-accounts.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { facts, utc } from './testing/facts.js';

const NEW_YEAR = utc('2027-01-01');

describe("an invoice's number", () => {
  let books: TestBooks;
  beforeEach(async () => {
    books = await openBooks(NEW_YEAR - 1);
  });
  afterEach(async () => {
    expect(await books.problems()).toEqual([]);
    await books.close();
  });

  /** Whose next replay cuts one invoice for each. */
  const debtors = (count: number): Promise<Pubkey[]> =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const tenant = await books.newTenant();
        await books.addFacts(tenant, facts([{ at: NEW_YEAR - 1 }]));
        return tenant;
      }),
    );
  const cut = async (tx: Tx, tenants: readonly Pubkey[]) => {
    await lockAccounts(tx, tenants, { skipLocked: false });
    await replayAccounts(tx, tenants, books.deps);
  };
  const numbersOf = async (tenants: readonly Pubkey[]) => {
    const rows = await books.database.query<{ number: string | null }>(
      `SELECT number FROM invoice WHERE tenant_pubkey = ANY($1) ORDER BY array_position($1, tenant_pubkey)`,
      [tenants],
    );
    return rows.map(({ number }) => number);
  };

  it('keeps nobody waiting: a transaction that has cut an invoice and goes on holds no counter', async () => {
    const [slow = '' as Pubkey, quick = '' as Pubkey] = await debtors(2);
    await inTransaction(books.client, async (tx) => {
      await cut(tx, [slow]);
      await books.accounts.replay([quick]);
      await books.database.query(`SELECT FROM invoice_counter FOR UPDATE NOWAIT`);
      await tx.$executeRaw`UPDATE tenant_billing SET dunning_at = NULL WHERE tenant_pubkey = ${slow}`;
      expect(await numbersOf([quick])).toEqual(['2026-000001']);
    });
    expect(await numbersOf([slow])).toEqual(['2026-000002']);
  });

  it('is given in one update of the counter, whatever number of statements has cut invoices', async () => {
    const tenants = await debtors(7);
    await inTransaction(books.client, async (tx) => {
      for (const tenant of tenants.slice(0, 3)) await cut(tx, [tenant]);
      await cut(tx, tenants.slice(3));
    });
    expect((await numbersOf(tenants)).sort()).toEqual(tenants.map((_, index) => `2026-00000${index + 1}`));
    expect(await numbersOf(tenants.slice(0, 3))).toEqual(['2026-000001', '2026-000002', '2026-000003']);
    // A row that was updated twice by one transaction would not be the first version any more.
    expect(await books.database.query(`SELECT last, ctid::text FROM invoice_counter`)).toEqual([
      { last: 7, ctid: '(0,1)' },
    ]);
  });

  it('is not used up by what was rolled back, as a whole or to a savepoint', async () => {
    const [lost = '' as Pubkey, kept = '' as Pubkey, back = '' as Pubkey] = await debtors(3);
    const failed = new Error('rolled back');
    const cutInVain = (tx: Tx, tenant: Pubkey) =>
      inTransaction(tx, async (inner) => {
        await cut(inner, [tenant]);
        throw failed;
      });
    await expect(inTransaction(books.client, (tx) => cutInVain(tx, lost))).rejects.toBe(failed);
    await inTransaction(books.client, async (tx) => {
      await expect(cutInVain(tx, back)).rejects.toBe(failed);
      await cut(tx, [kept]);
    });
    await books.accounts.replay([back]);
    expect(await numbersOf([kept, back, lost])).toEqual(['2026-000001', '2026-000002']);
  });

  it('is of the year the invoice was written in, also when one transaction writes in two', async () => {
    const tenants = await debtors(4);
    await inTransaction(books.client, async (tx) => {
      await cut(tx, tenants.slice(0, 2));
      books.clock.set(NEW_YEAR);
      await cut(tx, tenants.slice(2));
    });
    const expected = ['2026-000001', '2026-000002', '2027-000001', '2027-000002'];
    expect((await numbersOf(tenants)).sort()).toEqual(expected);
  });

  it('is there whatever happens to the notes of its transaction', async () => {
    const [tenant = '' as Pubkey, other = '' as Pubkey] = await debtors(2);
    await inTransaction(books.client, async (tx) => {
      await cut(tx, [tenant]);
      await tx.$queryRaw`SELECT set_config('caravel.cut', '', true)`;
      await cut(tx, [other]);
    });
    expect((await numbersOf([tenant, other])).sort()).toEqual(['2026-000001', '2026-000002']);
  });

  it('stays as it is when a version that still numbers by itself has given it', async () => {
    const [old = '' as Pubkey, next = '' as Pubkey] = await debtors(2);
    await inTransaction(books.client, async (tx) => {
      await cut(tx, [old]);
      await tx.$executeRaw`INSERT INTO invoice_counter (year, last) VALUES (2026, 1)`;
      await tx.$executeRaw`UPDATE invoice SET number = '2026-000001' WHERE tenant_pubkey = ${old}`;
    });
    await books.accounts.replay([next]);
    expect(await numbersOf([old, next])).toEqual(['2026-000001', '2026-000002']);
    expect(await books.database.query(`SELECT last FROM invoice_counter`)).toEqual([{ last: 2 }]);
  });
});
