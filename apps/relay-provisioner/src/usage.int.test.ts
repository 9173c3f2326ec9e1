import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { relayHost, unixSeconds } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { relaySecretBox } from '@caravel/provisioning-data-access';
import { oneZooid } from '@caravel/provisioning-feature';
import { createMetrics } from '@caravel/service';
import { usageSweeps } from './start-usage.js';
import { startWorld, ZOOID_SECRET } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';

const DAY_S = 86_400;
const signal = new AbortController().signal;
const metrics = createMetrics('test');

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  world.zooid.faults.set([]);
  world.zooid.calls.clear();
  // Each test looks at its own relays only.
  await world.database.query(`UPDATE relay SET status = 'inactive'`);
});
afterAll(() => world.stop());

/** A provisioner's sweeps. */
function sweeps() {
  const { clock, newId, log, rung } = world;
  const bells = { ring: (bell: { name: string }) => Promise.resolve(void rung.push(bell.name)) };
  return usageSweeps({
    client: world.open('provisioner'),
    places: world.provisioner().syncs,
    zooids: oneZooid(world.client, world.zooid.url),
    secretBox: relaySecretBox(ZOOID_SECRET),
    ...{ clock, newId, log, bells, metrics },
  });
}
const nextDay = () => {
  world.clock.set((Math.floor(unixSeconds(world.clock.now()) / DAY_S) + 2) * DAY_S - 1);
};

/** A free relay (10 members) that runs, open to nobody but its members. */
async function runningRelay(): Promise<Relay> {
  const relay = await world.createRelay({ plan_id: 'free', blossom_enabled: false, livekit_enabled: false });
  await world.provisioner().sweep();
  return relay;
}

const author = secretSigner(generateSecret());
/** What somebody has written there. */
function serve({ schema }: Relay, count: number): void {
  const event = (i: number) => author.sign({ kind: 1, tags: [], content: `no. ${i}`, created_at: 1_700_000_000 + i });
  const lines = Array.from({ length: count }, (_, i) => `${JSON.stringify(event(i))}\n`);
  writeFileSync(join(world.zooidDir, 'events', `${schema}.ndjson`), lines.join(''));
  world.zooid.restart();
}
const days = ({ id }: Relay) =>
  world.database.query<{ events: string | null; members: string | null; active: boolean | null }>(
    'SELECT events, members, active FROM relay_usage WHERE relay_id = $1 ORDER BY day',
    [id],
  );
const looks = ({ id }: Relay) =>
  world.zooid.calls.list().filter(({ subject }) => subject === `GET /relay/${id}/members`).length;
const members = (count: number) => Array.from({ length: count }, () => secretSigner(generateSecret()).pubkey);

it('every day a relay is counted once, and it is known whether anything happened since', async () => {
  const relay = await runningRelay();
  serve(relay, 3);
  const [one, other] = [sweeps(), sweeps()];
  await Promise.all([one.count(signal), other.count(signal)]);
  nextDay();
  await one.count(signal);
  nextDay();
  serve(relay, 4);
  await other.count(signal);
  await one.count(signal);
  expect(await days(relay)).toEqual([
    { events: '3', members: '0', active: null },
    { events: '3', members: '0', active: false },
    { events: '4', members: '0', active: true },
  ]);
  expect(looks(relay)).toBe(3);
});

it('a new member is a sign of life too', async () => {
  const relay = await runningRelay();
  await sweeps().count(signal);
  world.zooid.setMembers(relay.id, members(1));
  nextDay();
  await sweeps().count(signal);
  expect((await days(relay)).at(-1)).toMatchObject({ members: '1', active: true });
});

it('while zooid is away days are missing, nobody becomes idle by it, and what comes after goes on from before', async () => {
  const relay = await runningRelay();
  serve(relay, 3);
  await sweeps().count(signal);
  world.zooid.faults.set([
    { match: `GET /relay/${relay.id}`, mode: 'fail', status: 503, times: 99 },
    { match: `${relayHost(relay)} CONNECT`, mode: 'fail', times: 99 },
  ]);
  for (let day = 0; day < 5; day += 1) {
    nextDay();
    await sweeps().count(signal);
  }
  expect(await days(relay)).toHaveLength(1);
  world.zooid.faults.set([]);
  world.clock.advance(3601);
  await sweeps().count(signal);
  expect(await days(relay)).toEqual([
    { events: '3', members: '0', active: null },
    { events: '3', members: '0', active: false },
  ]);
});

it('when only the members can be had, the day has them, and the look is repeated within the hour', async () => {
  const relay = await runningRelay();
  serve(relay, 3);
  await sweeps().count(signal);
  nextDay();
  world.zooid.faults.set([{ match: `${relayHost(relay)} AUTH`, mode: 'fail', times: 1 }]);
  await sweeps().count(signal);
  expect((await days(relay)).at(-1)).toEqual({ events: null, members: '0', active: null });
  world.clock.advance(-3600); // the same day
  await world.database.query('UPDATE relay_sync SET next_usage_at = $1', [world.clock.now()]);
  await sweeps().count(signal);
  expect((await days(relay)).at(-1)).toEqual({ events: '3', members: '0', active: false });
});

it('a relay with more members than its plan allows keeps them, and its tenant is told', async () => {
  const relay = await runningRelay();
  world.zooid.setMembers(relay.id, members(11));
  world.rung.length = 0;
  for (let day = 0; day < 3; day += 1) {
    await sweeps().count(signal);
    nextDay();
  }
  const rows = await world.database.query('SELECT template, params FROM message WHERE tenant_pubkey = $1', [
    relay.tenantPubkey,
  ]);
  const params = { relay_id: relay.id, relay_name: 'Team', members: 11, member_limit: 10 };
  expect(rows).toEqual([{ template: 'members-over-limit', params }]);
  expect(world.rung).toEqual(['direct-message']);
  expect(await world.client.members(relay.id, signal)).toHaveLength(11);
});

it('metrics tell sums, never of one relay', async () => {
  const relay = await runningRelay();
  serve(relay, 7);
  await world.database.query('DELETE FROM relay_sample');
  await sweeps().count(signal);
  await sweeps().tell(signal);
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/^relay_events\{service="test"\} 7$/m);
  expect(text).toMatch(/^relays_counted\{service="test"\} 1$/m);
  expect(text).not.toContain(relay.id);
});
