import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { openDatabase } from './database.js';
import type { Database } from './database.js';
import { rateCountStore } from './rate-count-store.js';

let server: TestDatabase;
let processes: [Database, Database];

beforeAll(async () => {
  server = await createTestDatabase();
  processes = [openDatabase(server.url('gateway')), openDatabase(server.url('gateway'))];
});
afterAll(async () => {
  await Promise.all(processes.map((each) => each.close()));
  await server.drop();
});

const stores = () => processes.map(({ client }) => rateCountStore(client, { windowMs: 60_000 }));

it('loses no point when processes add to the same keys at the same time, in whatever order they name them', async () => {
  const keys = ['a', 'b', 'c'].map((key) => ({ key, points: 1 }));
  const adds = stores().flatMap((store, n) =>
    Array.from({ length: 20 }, () => store.add(n === 0 ? keys : [...keys].reverse())),
  );
  await Promise.all(adds);
  const [store] = stores();
  const counted = await store?.add([{ key: 'a', points: 2 }]);
  expect(counted).toEqual([{ key: 'a', points: 42, resetsInMs: expect.any(Number) }]);
  expect(counted?.[0]?.resetsInMs).toBeLessThanOrEqual(60_000);
});

it('begins anew when the window is over, also before the sweep', async () => {
  const [store] = stores();
  await store?.add([{ key: 'over', points: 5 }]);
  await server.query("UPDATE rate_count SET resets_at = now() - interval '1 ms' WHERE key = 'over'");
  expect(await store?.add([{ key: 'over', points: 1 }])).toMatchObject([{ points: 1, resetsInMs: 60_000 }]);
});

it('sweeps what is over and nothing else', async () => {
  const [store] = stores();
  await store?.add(['old', 'new'].map((key) => ({ key, points: 1 })));
  await server.query("UPDATE rate_count SET resets_at = now() - interval '1 ms' WHERE key = 'old'");
  await store?.sweep();
  expect(await server.query("SELECT key FROM rate_count WHERE key IN ('old', 'new')")).toEqual([{ key: 'new' }]);
});
