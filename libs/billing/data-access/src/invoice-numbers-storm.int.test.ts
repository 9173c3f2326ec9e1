import { idSchema } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { inTransaction } from '@caravel/platform-data-access';
import { luckOf } from '@caravel/testing';
import { adjustTenant } from './adjust-tenant.js';
import { lockAccounts } from './lock-accounts.js';
import { replayAccounts } from './replay-accounts.js';
import { settleOffer } from './settle-offer.js';
import { openBooks } from './testing/books.js';
import type { TestBooks } from './testing/books.js';
import { closeAll } from './testing/close-all.js';
import { anId, facts, utc } from './testing/facts.js';
import { voidByAdmin } from './void-by-admin.js';

const STEPS = Number(process.env['STEPS'] ?? 12);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
const NEW_YEAR = utc('2027-01-01');
const ADMIN = 'd'.repeat(64) as Pubkey;

let books: TestBooks;
beforeAll(async () => {
  books = await openBooks(NEW_YEAR - 1);
});
afterAll(() => books.close());

test(`16 writers on every path, over New Year and through rollbacks and cut connections, leave no gap (seed ${SEED})`, async () => {
  const luck = luckOf(SEED);
  const tenants = await Promise.all(Array.from({ length: 16 }, () => books.newTenant()));
  for (const tenant of tenants) await books.addFacts(tenant, facts([{ at: '2026-12-01' }, { at: '2026-12-01' }]));

  let [done, failed] = [0, 0];
  const write = async (tenant: Pubkey) => {
    for (let step = 0; step < STEPS; step += 1) {
      const [path, dice] = [PATHS[Math.floor(luck() * PATHS.length)], luck()];
      // New Year is a boundary of everybody.
      if (done + failed > tenants.length * STEPS * 0.4) books.clock.set(NEW_YEAR);
      if (dice < 0.06) await cutAConnection();
      try {
        await path?.(tenant);
        done += 1;
      } catch {
        failed += 1;
      }
    }
  };
  await Promise.all(tenants.map(write));

  const years = await books.database.query<{ year: string; invoices: number; first: number; last: number }>(
    `SELECT left(number, 4) AS year, count(*)::int AS invoices, min(right(number, 6)::int) AS first, max(right(number, 6)::int) AS last
     FROM invoice GROUP BY 1 ORDER BY 1`,
  );
  expect(years.map(({ year, invoices }) => ({ year, first: 1, last: invoices, invoices }))).toEqual(years);
  expect(await books.database.query(`SELECT year::text, last FROM invoice_counter ORDER BY year`)).toEqual(
    years.map(({ year, last }) => ({ year, last })),
  );
  expect(years.map(({ year }) => year)).toEqual(['2026', '2027']);
  expect(await books.problems()).toEqual([]);
  expect(done).toBeGreaterThan(failed);
  const counts = years.map(({ year, last }) => `${last} in ${year}`).join(', ');
  process.stdout.write(`numbers: ${counts}; ${done} done and ${failed} failed transactions, seed ${SEED}\n`);
}, 120_000);

/** Everything that cuts invoices, and two ways of not doing it after all. */
const PATHS: ((tenant: Pubkey) => Promise<unknown>)[] = [
  (tenant) => books.accounts.replay([tenant]),
  async (tenant) => {
    const seq = await books.database.query<{ seq: number }>(`SELECT seq FROM tenant_history WHERE pubkey = $1`, [
      tenant,
    ]);
    const nowS = books.clock.now().getTime() / 1000;
    await books.addFacts(tenant, facts([{ at: nowS, plan: 'growth' }], { after: seq[0]?.seq ?? 0 }));
    await books.accounts.replay([tenant]);
  },
  () => closeAll(books.accounts, { limit: 5 }),
  (tenant) => {
    const credit = { commandId: anId(), tenantPubkey: tenant, actor: ADMIN, amountCents: -20, reason: 'test' };
    return adjustTenant(books.client, credit, books.deps);
  },
  async (tenant) => {
    const invoiceId = await anInvoice(tenant, 'open');
    if (invoiceId)
      await voidByAdmin(books.client, { invoiceId, actor: ADMIN, mode: 'recut', reason: 'test' }, books.deps);
  },
  (tenant) => payFor(tenant, 'closed'),
  (tenant) => payFor(tenant, 'open'),
  (tenant) => cutInVain(tenant),
];

async function anInvoice(tenant: Pubkey, state: 'open' | 'closed') {
  const [row] = await books.database.query<{ id: string }>(
    `SELECT id FROM invoice WHERE tenant_pubkey = $1 AND (coalesce(paid_at, voided_at) IS NULL) = $2 ORDER BY id LIMIT 1`,
    [tenant, state === 'open'],
  );
  return row && idSchema.parse(row.id);
}

/** Money for an invoice that is closed is credit, which meets the open ones: they are cut anew. */
async function payFor(tenant: Pubkey, state: 'open' | 'closed'): Promise<void> {
  const [id, invoiceId] = [anId(), await anInvoice(tenant, state)];
  if (!invoiceId) return;
  await books.database.query(
    `INSERT INTO offer (id, invoice_id, tenant_pubkey, kind, amount_cents, msats, payment_hash, lnbc, live, created_at, expires_at)
     SELECT $1, id, tenant_pubkey, 'bolt11', CASE WHEN $3 THEN amount_cents ELSE 60 END, 1, $1, 'lnbc', false, now(), now()
     FROM invoice WHERE id = $2`,
    [id, invoiceId, state === 'open'],
  );
  await settleOffer(books.client, id, books.deps);
}

/** To a savepoint first, then as a whole. */
function cutInVain(tenant: Pubkey): Promise<never> {
  return inTransaction(books.client, async (tx) => {
    await lockAccounts(tx, [tenant], { skipLocked: false });
    const inner = inTransaction(tx, async (savepoint) => {
      await replayAccounts(savepoint, [tenant], books.deps);
      throw new Error('to the savepoint');
    });
    await inner.catch(() => undefined);
    await replayAccounts(tx, [tenant], books.deps);
    throw new Error('as a whole');
  });
}

/** Of any writer, whatever it is doing. */
const cutAConnection = () =>
  books.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND usename = 'caravel_billing' AND state <> 'idle' ORDER BY random() LIMIT 1`,
  );
