import type { Pubkey } from '@caravel/domain';
import { leftCustomerStore } from './left-customer-store.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { utc } from './testing/facts.js';

const HOUR_S = 3600;
const START_S = utc('2026-01-01');
const LIMIT = { limit: 10 };

describe('the customer at Stripe of an account that is deleted', () => {
  let books: TestBooks;
  let left: ReturnType<typeof leftCustomerStore>;
  beforeEach(async () => {
    books = await openBooks(START_S);
    left = leftCustomerStore(books.client, books.deps);
  });
  afterEach(() => books.close());

  const setDeleted = (tenant: Pubkey, at: Date | null) =>
    books.database.query(`UPDATE tenant SET deleted_at = $2 WHERE pubkey = $1`, [tenant, at]);
  /** An account with this customer, deleted now. */
  const leave = async (customerId: string): Promise<Pubkey> => {
    const tenant = await books.newTenant();
    await books.accounts.saveCustomer(tenant, customerId);
    await setDeleted(tenant, books.clock.now());
    return tenant;
  };

  it('is to be deleted after a day, by one process at a time, until that is done', async () => {
    await leave('cus_1');
    expect(await left.claimLeft(LIMIT)).toEqual([]);
    books.clock.advance(25 * HOUR_S);
    const claims = await Promise.all(Array.from({ length: 8 }, () => left.claimLeft(LIMIT)));
    expect(claims.flat()).toEqual([{ customerId: 'cus_1', isUsed: false }]);
    books.clock.advance(300);
    expect(await left.claimLeft(LIMIT)).toHaveLength(1);
    await left.forget('cus_1');
    await left.forget('cus_1');
    books.clock.advance(300);
    expect(await left.claimLeft(LIMIT)).toEqual([]);
  });

  it('is in use when the tenant came back and was given it again, and is left once more by the next deletion', async () => {
    const tenant = await leave('cus_1');
    await setDeleted(tenant, null);
    await books.accounts.saveCustomer(tenant, 'cus_1');
    books.clock.advance(25 * HOUR_S);
    expect(await left.claimLeft(LIMIT)).toEqual([{ customerId: 'cus_1', isUsed: true }]);
    await setDeleted(tenant, books.clock.now());
    books.clock.advance(25 * HOUR_S);
    expect(await left.claimLeft(LIMIT)).toEqual([{ customerId: 'cus_1', isUsed: false }]);
  });

  it('is nobody, when there was none', async () => {
    const tenant = await books.newTenant();
    await books.database.query(`INSERT INTO tenant_billing (tenant_pubkey) VALUES ($1)`, [tenant]);
    await setDeleted(tenant, books.clock.now());
    books.clock.advance(25 * HOUR_S);
    expect(await left.claimLeft(LIMIT)).toEqual([]);
  });
});
