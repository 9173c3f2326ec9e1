import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { seedMessage } from './testing/seed-invoice.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newThings } from './testing/things.js';
import type { Things } from './testing/things.js';

let gateway: TestGateway;
let api: Api;
let things: Things;
beforeAll(async () => {
  gateway = await startTestGateway();
  api = apiClient(gateway.url);
});
beforeEach(async () => {
  things = await newThings(gateway);
});
afterAll(() => gateway.close());

const usage = (query = '') => api(`GET /relays/${things.relayId}/usage${query}`, { as: things.owner });
/** What the provisioner saw so many days ago. */
const day = (ago: number, counts: { events?: number | null; members?: number | null; active?: boolean | null }) =>
  gateway.database.query(
    `INSERT INTO relay_usage (relay_id, day, events, members, active, sampled_at)
     SELECT $1, at::date, $3, $4, $5, at FROM (SELECT (now() AT TIME ZONE 'UTC')::date - $2::int + time '00:00' AT TIME ZONE 'UTC' AS at) AS seen`,
    [things.relayId, ago, counts.events ?? null, counts.members ?? null, counts.active ?? null],
  );
const sample = (members: number) =>
  gateway.database.query('INSERT INTO relay_sample (relay_id, sampled_at, events, members) VALUES ($1, now(), 7, $2)', [
    things.relayId,
    members,
  ]);

it('a relay nobody has looked at yet has no numbers and no days', async () => {
  expect((await usage()).body.data).toEqual({
    ...{ relay_id: things.relayId, events: null, members: null, bytes: null, sampled_at: null },
    ...{ members_limit: 100, members_over_limit: 0, last_active_at: null, idle: null, days: [] },
  });
});

it('days come newest first, a gap stays one, and as many as were asked for', async () => {
  for (const [ago, events] of [[0, 9] as const, [1, null] as const, [3, 7] as const, [40, 1] as const]) {
    await day(ago, { events, members: 2, active: ago === 3 });
  }
  const events = async (query?: string) => {
    const { days } = (await usage(query)).body.data as { days: { day: string; events: number | null }[] };
    expect(days.map((each) => each.day)).toEqual(
      days
        .map((each) => each.day)
        .sort()
        .reverse(),
    );
    return days.map((each) => each.events);
  };
  expect(await events()).toEqual([9, null, 7]);
  expect(await events('?days=1')).toEqual([9]);
  expect(await events('?days=4')).toEqual([9, null, 7]);
  expect(await events('?days=400')).toEqual([9, null, 7, 1]);
  expect((await usage()).body.data).toMatchObject({ last_active_at: expect.any(Number) });
});

it('more members than the plan allows are shown, and no longer once a larger plan is chosen', async () => {
  await sample(101);
  expect((await usage()).body.data).toMatchObject({ members: 101, members_limit: 100, members_over_limit: 1 });
  await gateway.database.query(`UPDATE relay SET plan_id = 'growth' WHERE id = $1`, [things.relayId]);
  expect((await usage()).body.data).toMatchObject({ members: 101, members_limit: null, members_over_limit: 0 });
});

it.each(['0', '401', '-1', '1.5', 'all', ''])('%j days are refused, and the field is named', async (days) => {
  const { status, body } = await usage(`?days=${days}`);
  expect([status, body.code, body.details]).toEqual([
    400,
    'invalid-request',
    [{ path: 'days', message: 'must be a whole number from 1 to 400' }],
  ]);
});

it('what a relay’s messages are about is told with them', async () => {
  const params = { relay_id: things.relayId, relay_name: 'Team', members: 101, member_limit: 100 };
  await seedMessage(gateway.database, things.owner.pubkey, { template: 'members-over-limit', params });
  const { body } = await api(`GET /tenants/${things.owner.pubkey}/messages`, { as: things.owner });
  expect(body.data).toContainEqual(expect.objectContaining({ template: 'members-over-limit', params }));
});
