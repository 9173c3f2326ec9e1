import { manualClock } from '@caravel/domain';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { openDatabase } from './database.js';
import type { Database } from './database.js';
import { tenantStore } from './tenant-store.js';
import { newId, newPubkey } from './testing/fixtures.js';

const clock = manualClock(1_800_000_000);
let server: TestDatabase;
let database: Database;
let tenants: ReturnType<typeof tenantStore>;

beforeAll(async () => {
  server = await createTestDatabase();
  database = openDatabase(server.url('gateway'));
  tenants = tenantStore(database.client, { clock, newId });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const facts = (pubkey: string) =>
  server.query<{ seq: number; type: string; actor: string }>(
    'SELECT seq, type, actor FROM activity WHERE tenant_pubkey = $1 ORDER BY seq',
    [pubkey],
  );

describe('ensure', () => {
  it('makes one tenant and one fact when 50 calls race', async () => {
    const pubkey = newPubkey();
    const rows = await Promise.all(Array.from({ length: 50 }, () => tenants.ensure({ pubkey })));

    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(1);
    expect(await facts(pubkey)).toEqual([{ seq: 1, type: 'create_tenant', actor: pubkey }]);
  });

  it('answers the row that exists unchanged', async () => {
    const pubkey = newPubkey();
    const made = await tenants.ensure({ pubkey, returnUrl: 'https://a.example/' });
    clock.advance(60);
    expect(await tenants.ensure({ pubkey, returnUrl: 'https://b.example/' })).toEqual(made);
    expect(made).toMatchObject({ returnUrl: 'https://a.example/', nwcIsSet: false, stripeCustomerId: '' });
  });
});

describe('update', () => {
  const wallet = { sealedUrl: 'a sealed box', sealPubkey: newPubkey() };

  it('sets and removes a wallet, each with its fact', async () => {
    const { pubkey } = await tenants.ensure({ pubkey: newPubkey() });
    const set = await tenants.update(pubkey, pubkey, { wallet });
    const removed = await tenants.update(pubkey, pubkey, { wallet: null });

    expect([set.nwcIsSet, removed.nwcIsSet]).toEqual([true, false]);
    expect((await facts(pubkey)).map(({ type }) => type)).toEqual(['create_tenant', 'update_tenant', 'update_tenant']);
  });

  it('writes nothing when nothing is asked for', async () => {
    const { pubkey } = await tenants.ensure({ pubkey: newPubkey() });
    await tenants.update(pubkey, pubkey, {});
    expect(await facts(pubkey)).toHaveLength(1);
  });

  it('refuses a tenant that is not there', async () => {
    await expect(tenants.update(newPubkey(), newPubkey(), { wallet })).rejects.toMatchObject({
      code: 'tenant-missing',
    });
  });

  it("shows a wallet's error until another wallet is set", async () => {
    const { pubkey } = await tenants.ensure({ pubkey: newPubkey() });
    await tenants.update(pubkey, pubkey, { wallet });
    clock.advance(60);
    await server.query('INSERT INTO tenant_billing (tenant_pubkey, nwc_error, nwc_error_at) VALUES ($1, $2, $3)', [
      pubkey,
      'The wallet has not enough money.',
      clock.now(),
    ]);
    expect((await tenants.find(pubkey))?.nwcError).toBe('The wallet has not enough money.');

    clock.advance(60);
    expect((await tenants.update(pubkey, pubkey, { wallet })).nwcError).toBeNull();
  });
});

it('lists every tenant once over pages of any size, newest first, also those of the same millisecond', async () => {
  await server.query(
    `INSERT INTO tenant (pubkey, created_at)
     SELECT encode(sha256(n::text::bytea), 'hex'), '2030-01-01'::timestamptz + (n / 4) * interval '1 ms'
     FROM generate_series(1, 11) AS n`,
  );
  const [{ count } = { count: 0 }] = await server.query<{ count: number }>('SELECT count(*)::int FROM tenant');
  for (const limit of [1, 3, 1000]) {
    const seen: { pubkey: string; createdAtS: number }[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await tenants.list({ limit, cursor });
      seen.push(...page.rows);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(new Set(seen.map(({ pubkey }) => pubkey)).size).toBe(count);
    expect(seen.map(({ createdAtS }) => createdAtS)).toEqual(
      seen.map(({ createdAtS }) => createdAtS).sort((a, b) => b - a),
    );
  }
});
