import { randomUUID } from 'node:crypto';
import { idSchema, manualClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { removalStore } from './removal-store.js';

const DAY_S = 86_400;
const NOW_S = 1_800_000_000;
const clock = manualClock(NOW_S);
let server: TestDatabase;
let database: Database;
beforeAll(async () => {
  server = await createTestDatabase();
  database = openDatabase(server.url('provisioner'));
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

async function deletedAgo(days: number | null): Promise<Id> {
  const id = idSchema.parse(randomUUID());
  await server.query('INSERT INTO tenant (pubkey, created_at) VALUES ($1, now())', [id]);
  const at = days === null ? null : new Date((NOW_S - days * DAY_S) * 1000);
  await server.query(
    `INSERT INTO relay (id, tenant_pubkey, subdomain, zooid_domain, schema, plan_id, status, policy_public_read,
       policy_public_write, policy_public_join, policy_strip_signatures, groups_enabled, management_enabled,
       members_can_invite, blossom_enabled, livekit_enabled, push_enabled, created_at, deleted_at)
     VALUES ($1, $1, $1, 'relays.example', 'r_' || replace($1, '-', '_'), 'free', 'inactive', false, false, false, false,
       true, true, true, true, true, true, now(), $2)`,
    [id, at],
  );
  return id;
}

it('finds relays that nobody can have back any more, the oldest first, until they are removed', async () => {
  const removals = removalStore(database.client, { clock });
  const [older, old] = [await deletedAgo(40), await deletedAgo(31)];
  for (const days of [null, 0, 29, 30]) await deletedAgo(days);
  expect(await removals.due(10)).toEqual([older, old]);
  expect(await removals.due(1)).toEqual([older]);
  await server.query(`INSERT INTO relay_sync (relay_id, applied, sealed_secret) VALUES ($1, '{"info":{}}', 'sealed')`, [
    older,
  ]);
  await removals.markRemoved(older);
  const rest = await server.query('SELECT applied, sealed_secret FROM relay_sync WHERE relay_id = $1', [older]);
  expect(rest).toEqual([{ applied: null, sealed_secret: null }]);
  expect(await removals.due(10)).toEqual([old]);
});

it('marks nothing that is not deleted', async () => {
  const id = await deletedAgo(null);
  await removalStore(database.client, { clock }).markRemoved(id);
  expect(await server.query('SELECT removed_at FROM relay WHERE id = $1', [id])).toEqual([{ removed_at: null }]);
});
