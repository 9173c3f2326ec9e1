import { idMaker, manualClock, RELAY_DEFAULTS } from '@caravel/domain';
import type { Relay, RelayStatus } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { openDatabase, relayCommands, relayUsageReads, tenantStore } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import type { UsageLook } from './save-look.js';
import { usageStore } from './usage-store.js';
import type { CountedRelay } from './usage-store.js';

const NOON_S = 1_800_014_400; // 2027-01-15T12:00:00Z
const DAY_S = 86_400;
const clock = manualClock(NOON_S);
const newId = idMaker(clock);
let server: TestDatabase;
let provisioner: Database;
let gateway: Database;
beforeAll(async () => {
  server = await createTestDatabase();
  [provisioner, gateway] = [openDatabase(server.url('provisioner')), openDatabase(server.url('gateway'))];
});
beforeEach(async () => {
  clock.set(NOON_S);
  await server.query('UPDATE relay_sync SET next_usage_at = $1', [new Date((NOON_S + 1000 * DAY_S) * 1000)]);
});
afterAll(async () => {
  await Promise.all([provisioner.close(), gateway.close()]);
  await server.drop();
});
const usages = () => usageStore(provisioner.client, { clock, newId });

/** A free relay (10 members) that zooid has shown, and nobody has looked at. */
async function newRelay(status: RelayStatus = 'active'): Promise<Relay> {
  const [client, history] = [gateway.client, { clock, newId }];
  const tenantPubkey = secretSigner(generateSecret()).pubkey;
  await tenantStore(client, history).ensure({ pubkey: tenantPubkey });
  const name = { subdomain: `r-${newId().slice(-12)}`, zooid_domain: 'relays.example' };
  const settings = { ...RELAY_DEFAULTS, ...name, plan_id: 'free' };
  const relay = await relayCommands(client, history).create({ tenantPubkey, actor: 'x', settings }, () => undefined);
  await server.query('UPDATE relay SET status = $2 WHERE id = $1', [relay.id, status]);
  await server.query('INSERT INTO relay_sync (relay_id, first_synced_at) VALUES ($1, $2)', [relay.id, clock.now()]);
  return relay;
}

async function taken(): Promise<CountedRelay> {
  const [relay] = await usages().claimDue(1);
  if (!relay) throw new Error('nothing is due');
  return relay;
}
const look = (relay: CountedRelay, changes: Partial<UsageLook> = {}): UsageLook => ({
  relay,
  ...{ events: 5n, members: 3, bytes: null, newestEvent: 'e', membersHash: 'm', active: null },
  nextAt: new Date(clock.now().getTime() + DAY_S * 1000),
  ...changes,
});
const usageOf = (relay: Pick<CountedRelay, 'id'>) => relayUsageReads(gateway.client).ofRelay(relay.id, { fromS: 0 });
const messages = (relay: Pick<CountedRelay, 'tenantPubkey'>) =>
  server.query<{ template: string; params: unknown }>(
    'SELECT template, params FROM message WHERE tenant_pubkey = $1 ORDER BY created_at',
    [relay.tenantPubkey],
  );

it('of any number of processes one looks at a relay, and again only when its turn comes', async () => {
  const relays = [await newRelay(), await newRelay(), await newRelay()];
  const pages = await Promise.all(Array.from({ length: 6 }, () => usages().claimDue(2)));
  expect(
    pages
      .flat()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(relays.map(({ id }) => id).sort());
  clock.advance(599);
  expect(await usages().claimDue(9)).toEqual([]);
  clock.advance(1); // whoever took it has crashed
  const [first] = await usages().claimDue(9);
  if (!first) throw new Error('nothing is due');
  await usages().save(look(first));
  clock.advance(601);
  expect((await usages().claimDue(9)).map(({ id }) => id)).not.toContain(first.id);
});

it('the longest waiting comes first', async () => {
  const [late, later] = [await newRelay(), await newRelay()];
  await usages().postpone(later.id, new Date((NOON_S - 60) * 1000));
  await usages().postpone(late.id, new Date((NOON_S - 30) * 1000));
  expect((await taken()).id).toBe(later.id);
  expect((await taken()).id).toBe(late.id);
});

it('relays that do not run, or are deleted, are not looked at and hold up nobody', async () => {
  const stopped = await newRelay('inactive');
  const deleted = await newRelay();
  await server.query('UPDATE relay SET deleted_at = $2 WHERE id = $1', [deleted.id, clock.now()]);
  const running = await newRelay();
  expect((await usages().claimDue(9)).map(({ id }) => id)).toEqual([running.id]);
  await server.query(`UPDATE relay SET status = 'active' WHERE id = $1`, [stopped.id]);
  clock.advance(DAY_S);
  expect((await usages().claimDue(9)).map(({ id }) => id)).toContain(stopped.id);
});

it('a look is the relay’s last sample and its day; the next one knows what it saw', async () => {
  await newRelay();
  const relay = await taken();
  expect(relay.before).toEqual({ events: null, newestEvent: null, membersHash: null, overLimitSince: null });
  await usages().save(look(relay, { events: 5_000_000_000n, members: 4, bytes: 7n }));
  const counts = { events: 5_000_000_000, members: 4, bytes: 7, sampledAtS: NOON_S };
  expect(await usageOf(relay)).toEqual({
    ...counts,
    memberLimit: 10,
    lastActiveAtS: null,
    idle: null,
    days: [{ day: '2027-01-15', ...counts }],
  });
  clock.advance(DAY_S);
  expect((await taken()).before).toMatchObject({ events: 5_000_000_000n, newestEvent: 'e', membersHash: 'm' });
});

it('a day nobody looked is a gap, and what a second look of a day doesn’t know stays', async () => {
  await newRelay();
  const relay = await taken();
  await usages().save(look(relay, { events: 5n, members: null, membersHash: null, active: true }));
  await usages().save(look(relay, { events: null, members: 4, active: null }));
  clock.advance(2 * DAY_S);
  await usages().save(look(await taken(), { events: 6n, active: false }));
  const { days, lastActiveAtS } = await usageOf(relay);
  expect(days.map(({ day, events, members }) => [day, events, members])).toEqual([
    ['2027-01-17', 6, 3],
    ['2027-01-15', 5, 4],
  ]);
  expect(lastActiveAtS).toBe(NOON_S);
});

it('members above the plan’s limit are told once for as long as it lasts, and again the next time', async () => {
  await newRelay();
  const relay = await taken();
  const days: [members: number | null, told: boolean, messages: number][] = [
    [10, false, 0],
    [11, true, 1],
    [12, false, 1],
    [null, false, 1], // nobody could ask
    [11, false, 1],
    [10, false, 1],
    [11, true, 2],
  ];
  let current = relay;
  for (const [members, told, count] of days) {
    expect([members, await usages().save(look(current, { members }))]).toEqual([members, { told }]);
    expect([members, (await messages(relay)).length]).toEqual([members, count]);
    clock.advance(DAY_S);
    current = await taken();
  }
  const host = current.host;
  const params = { relay_id: relay.id, relay_name: host, members: 11, member_limit: 10 };
  expect((await messages(relay))[0]).toEqual({ template: 'members-over-limit', params });
});

it('a look that is written twice tells once', async () => {
  await newRelay();
  const relay = await taken();
  await Promise.all([1, 2].map(() => usages().save(look(relay, { members: 99 }))));
  expect(await messages(relay)).toHaveLength(1);
});

it('sums up what the last looks saw, without deleted relays, and for how long the longest waiting waits', async () => {
  await server.query('DELETE FROM relay_sample');
  const [first, second, gone] = [await newRelay(), await newRelay(), await newRelay()];
  for (const relay of await usages().claimDue(9)) {
    await usages().save(
      look(relay, relay.id === first.id ? { events: null, members: 11 } : { events: 2n, members: 3 }),
    );
  }
  await server.query('UPDATE relay SET deleted_at = $2 WHERE id = $1', [gone.id, clock.now()]);
  await usages().postpone(second.id, new Date((NOON_S - 90) * 1000));
  clock.advance(30);
  await server.query('UPDATE relay_sync SET first_synced_at = $1', [new Date((NOON_S - DAY_S) * 1000)]);
  expect(await usages().totals()).toEqual({ relays: 2, overLimit: 1, events: 2, members: 14, bytes: 0, lateS: 120 });
});

it('forgets days that are too old, some at a time', async () => {
  await newRelay();
  const relay = await taken();
  for (const ago of [1, 399, 400, 401, 402]) {
    clock.set(NOON_S - ago * DAY_S);
    await usages().save(look(relay));
  }
  const before = new Date((NOON_S - 400 * DAY_S) * 1000);
  expect(await usages().forget(before, 1)).toBe(1);
  expect(await usages().forget(before, 10)).toBe(1);
  expect(await usages().forget(before, 10)).toBe(0);
  expect((await usageOf(relay)).days).toHaveLength(3);
});
