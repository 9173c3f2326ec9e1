import { idMaker, manualClock, RELAY_DEFAULTS } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { openDatabase, relayCommands, tenantStore } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { moveStore } from './move/move-store.js';
import { provisioningStore } from './provisioning-store.js';
import { relaySecretBox } from './relay-secret-box.js';

const clock = manualClock(1_800_000_000);
const newId = idMaker(clock);
const secretBox = relaySecretBox('1'.repeat(64));
let server: TestDatabase;
let database: Database;
let gateway: Database;
beforeAll(async () => {
  server = await createTestDatabase();
  database = openDatabase(server.url('provisioner'));
  gateway = openDatabase(server.url('gateway'), { max: 2 });
});
beforeEach(() => server.query('DELETE FROM relay_move; DELETE FROM relay_sync'));
afterAll(async () => {
  await Promise.all([database.close(), gateway.close()]);
  await server.drop();
});

const store = () => provisioningStore(database.client, { clock, newId, secretBox });
const moves = () => moveStore(database.client, { clock, newId, secretBox });
const placeOf = async (id: Id) =>
  (await server.query<{ instance: string | null }>('SELECT instance FROM relay_sync WHERE relay_id = $1', [id]))[0]
    ?.instance;
const refused = (message: string | RegExp) => ({ code: 'invalid-request', message: expect.stringMatching(message) });

/** A relay that is due, and its claim. */
async function claimed() {
  const tenantPubkey = secretSigner(generateSecret()).pubkey;
  await tenantStore(gateway.client, { clock, newId }).ensure({ pubkey: tenantPubkey });
  const subdomain = `r${newId().slice(-12)}`;
  const settings = { ...RELAY_DEFAULTS, subdomain, zooid_domain: 'relays.example', plan_id: 'free' };
  const relay = { tenantPubkey, actor: tenantPubkey, settings };
  const { id } = await relayCommands(gateway.client, { clock, newId }).create(relay, () => undefined);
  const work = await store().claim(id);
  if (!work) throw new Error('not claimed');
  return work;
}

/** One that zooid knows. */
async function placedAt(name: string): Promise<Id> {
  const { claim } = await claimed();
  await store().placeAt(claim, { name, capacity: null });
  await store().secret(claim);
  await store().release(claim);
  return claim.relayId;
}

it('a place is written once, and whoever lost the claim writes none', async () => {
  const { claim, instance } = await claimed();
  expect(instance).toBeNull();
  expect(await store().placeAt(claim, { name: 'one', capacity: 1 })).toBe(true);
  expect(await store().placeAt(claim, { name: 'one', capacity: 1 })).toBe(false);
  await expect(store().placeAt(claim, { name: 'two', capacity: null })).rejects.toThrow('taken over');
  expect(await placeOf(claim.relayId)).toBe('one');
});

it('an instance takes what fits and no more, whoever comes at once, relays on their way there counted', async () => {
  const [moved, ...works] = [await placedAt('other'), ...(await Promise.all(Array.from({ length: 12 }, claimed)))];
  await moves().plan({ relayId: moved, target: { name: 'small', capacity: 6 } });
  const placed = await Promise.all(works.map(({ claim }) => store().placeAt(claim, { name: 'small', capacity: 6 })));
  expect(placed.filter(Boolean)).toHaveLength(5);
  expect(await moves().counts()).toEqual(
    new Map([
      ['other', 1],
      ['small', 5],
    ]),
  );
  const another = await placedAt('other');
  await expect(moves().plan({ relayId: another, target: { name: 'small', capacity: 6 } })).rejects.toMatchObject(
    refused('"small" is full \\(6 relays\\)'),
  );
});

it('a relay that an earlier version told zooid about is at the only instance there was', async () => {
  const { claim } = await claimed();
  await store().secret(claim);
  expect(await store().instanceOf(claim.relayId)).toBe('main');
});

it('a relay is planned to move once at a time, from where it is to somewhere else, when there is anything to move', async () => {
  const target = { name: 'two', capacity: null };
  const { claim } = await claimed();
  await expect(moves().plan({ relayId: claim.relayId, target })).rejects.toMatchObject(refused('not been set up'));
  await expect(moves().plan({ relayId: newId(), target })).rejects.toMatchObject(refused('no such relay'));
  const relayId = await placedAt('one');
  await expect(moves().plan({ relayId, target: { name: 'one', capacity: null } })).rejects.toMatchObject(
    refused('already'),
  );
  const plans = await Promise.allSettled(Array.from({ length: 5 }, () => moves().plan({ relayId, target })));
  expect(plans.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it('a move belongs to one process until its claim runs out, and then the first can write nothing more', async () => {
  await moves().plan({ relayId: await placedAt('one'), target: { name: 'two', capacity: null } });
  const taken = await Promise.all(Array.from({ length: 5 }, () => moves().takeNext()));
  const [first] = taken.filter((move) => move !== null);
  if (!first) throw new Error('nobody has it');
  expect(taken.filter(Boolean)).toHaveLength(1);
  clock.advance(10);
  await moves().progress(first, 7);
  clock.advance(10);
  expect(await moves().hold(first)).toBe(true);
  clock.advance(10);
  expect(await moves().takeNext()).toBeNull();
  clock.advance(10);
  const second = await moves().takeNext();
  expect(second).toMatchObject({ id: first.id, events: 7 });
  expect(await moves().hold(first)).toBe(false);
  await expect(moves().advance(first, 'closing')).rejects.toThrow('taken over');
  await expect(moves().begin(first)).rejects.toThrow('taken over');
  expect(await moves().begin(second ?? first)).toBe(true);
});

it('while somebody tells zooid about a relay it does not begin to move, and while it moves nobody tells', async () => {
  const relayId = await placedAt('one');
  await moves().plan({ relayId, target: { name: 'two', capacity: null } });
  const move = await moves().takeNext();
  const syncing = await store().claim(relayId);
  if (!move || !syncing) throw new Error('not taken');
  expect(await moves().begin(move)).toBe(false);
  await store().release(syncing.claim);
  const [begun, claims] = await Promise.all([
    moves().begin(move),
    Promise.all([1, 2, 3].map(() => store().claim(relayId))),
  ]);
  // Whoever came first has it alone.
  expect([begun, ...claims].filter(Boolean)).toHaveLength(1);
  if (begun) expect([await store().claim(relayId), await store().due(10)]).toEqual([null, []]);
});
