import { pubkeySchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import type { AccountBooks, PastBoundary } from './account-books.js';
import { sweepAccounts } from './sweep-accounts.js';

const log = createLogger({ service: 'test', level: 'silent' });
const tenants = Array.from({ length: 5 }, (_, n) => pubkeySchema.parse(String(n).repeat(64)));
const boundary = (tenantPubkey: Pubkey): PastBoundary => ({ tenantPubkey, periodEnd: new Date(0) });

/** Books of due tenants, two to a batch whatever is asked for; who is in `broken` can't be billed. */
function booksOf(broken: readonly Pubkey[]) {
  const due = new Set(tenants);
  const pageAfter = (after: PastBoundary | null) =>
    [...due].filter((tenant) => after === null || tenant > after.tenantPubkey).slice(0, 2);
  const bill = (page: readonly Pubkey[]) => {
    if (page.some((tenant) => broken.includes(tenant))) throw new Error('broken books');
    for (const tenant of page) due.delete(tenant);
  };
  const accounts: AccountBooks = {
    closePeriods: ({ after }) =>
      Promise.resolve().then(() => {
        const page = pageAfter(after);
        bill(page);
        const last = page.at(-1);
        return { last: last ? boundary(last) : null, invoiceIds: [] };
      }),
    pastBoundary: ({ after }) => Promise.resolve(pageAfter(after).map(boundary)),
    replay: (page) =>
      Promise.resolve().then(() => {
        bill(page);
        return [];
      }),
    withUnbilledFacts: () => Promise.resolve([]),
    preview: () => Promise.resolve(null),
    needsCustomer: () => Promise.resolve(false),
    claimCustomerless: () => Promise.resolve([]),
    saveCustomer: () => Promise.resolve(),
  };
  return { accounts, due };
}

const sweep = ({ accounts }: { accounts: AccountBooks }) =>
  sweepAccounts({ accounts, log })(AbortSignal.timeout(10_000));

it('closes batch after batch until nobody is due', async () => {
  const books = booksOf([]);
  await sweep(books);
  expect([...books.due]).toEqual([]);
});

it('bills everybody but the tenants who cannot be billed', async () => {
  const broken = [tenants[0], tenants[3]].flatMap((tenant) => tenant ?? []);
  const books = booksOf(broken);
  await sweep(books);
  expect([...books.due]).toEqual(broken);
});

it('stops between two batches when it is told to', async () => {
  const books = booksOf([]);
  await sweepAccounts({ accounts: books.accounts, log })(AbortSignal.abort());
  expect(books.due.size).toBe(3);
});
