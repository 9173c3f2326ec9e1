import { idMaker, manualClock, RELAY_DEFAULTS } from '@caravel/domain';
import type { Id, Relay } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { openDatabase, relayCommands, tenantStore } from '@caravel/platform-data-access';
import type { Database } from '@caravel/platform-data-access';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { provisioningStore } from './provisioning-store.js';
import type { ClaimedRelay, ProvisioningStore } from './provisioning-store.js';
import { relaySecretBox } from './relay-secret-box.js';

const clock = manualClock(1_800_000_000);
const newId = idMaker(clock);
const secretBox = relaySecretBox('1'.repeat(64));
let database: TestDatabase;
let gateway: Database;
let provisioner: Database;
let store: ProvisioningStore;

beforeAll(async () => {
  database = await createTestDatabase();
  gateway = openDatabase(database.url('gateway'), { max: 2 });
  provisioner = openDatabase(database.url('provisioner'));
  store = provisioningStore(provisioner.client, { clock, newId, secretBox, leaseMs: 20_000 });
});
beforeEach(() => database.query('UPDATE relay SET next_sync_at = NULL'));
afterAll(async () => {
  await Promise.all([gateway.close(), provisioner.close()]);
  await database.drop();
});

async function createRelay(): Promise<Relay> {
  const tenantPubkey = secretSigner(generateSecret()).pubkey;
  await tenantStore(gateway.client, { clock, newId }).ensure({ pubkey: tenantPubkey });
  const subdomain = `r${newId().slice(-12)}`;
  const settings = { ...RELAY_DEFAULTS, subdomain, zooid_domain: 'relays.example', plan_id: 'free' };
  const relay = { tenantPubkey, actor: tenantPubkey, settings };
  return relayCommands(gateway.client, { clock, newId }).create(relay, () => undefined);
}

async function claimed(relayId: Id): Promise<ClaimedRelay> {
  const work = await store.claim(relayId);
  if (!work) throw new Error('not claimed');
  return work;
}
const at = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000);
const syncedOf = ({ claim, relay }: ClaimedRelay, config = {}) => ({
  claim,
  tenantPubkey: relay.tenantPubkey,
  generation: relay.generation,
  config,
});

describe('due relays', () => {
  it('are those that wait longest first, bounded, without claimed, later, synced and given-up ones', async () => {
    const relays = [await createRelay(), await createRelay(), await createRelay(), await createRelay()];
    const [second, first, later, third] = relays;
    const setDue = (relay: Relay | undefined, seconds: number) =>
      database.query('UPDATE relay SET next_sync_at = $1 WHERE id = $2', [at(seconds), relay?.id]);
    await setDue(second, -20);
    await setDue(first, -30);
    await setDue(later, 1);
    await setDue(third, 0);
    expect(await store.due(10)).toEqual([first?.id, second?.id, third?.id]);
    expect(await store.due(2)).toEqual([first?.id, second?.id]);
    await claimed(first?.id ?? newId());
    expect(await store.due(10)).toEqual([second?.id, third?.id]);
  });
});

describe('a claim', () => {
  it('goes to one of many', async () => {
    const { id } = await createRelay();
    const works = await Promise.all(Array.from({ length: 20 }, () => store.claim(id)));
    expect(works.filter(Boolean)).toHaveLength(1);
  });

  it('is free again when given back or run out, and whoever lost it can write nothing more', async () => {
    const relay = await createRelay();
    const lost = await claimed(relay.id);
    expect(await store.claim(relay.id)).toBeNull();
    clock.advance(20);
    const holder = await claimed(relay.id);

    await store.release(lost.claim);
    await expect(store.noteKnown(lost.claim, {})).rejects.toMatchObject({ name: 'ClaimLostError' });
    await expect(store.secret(lost.claim)).rejects.toMatchObject({ name: 'ClaimLostError' });
    expect(await store.markSynced(syncedOf(lost))).toBeNull();
    expect(await store.markFailed({ ...syncedOf(lost), error: 'x', retryAt: () => null })).toBeNull();
    await store.markWaiting({ ...syncedOf(lost), since: at(0), recheckAt: at(99), pending: [] });
    expect(await store.claim(relay.id)).toBeNull();

    await store.release(holder.claim);
    expect(await store.claim(relay.id)).not.toBeNull();
  });

  it('is not to be had for a relay that is not due, synced or unknown', async () => {
    const relay = await createRelay();
    const work = await claimed(relay.id);
    await store.markWaiting({ ...syncedOf(work), since: at(0), recheckAt: at(5), pending: [] });
    expect(await store.claim(relay.id)).toBeNull();
    clock.advance(5);
    await store.markSynced(syncedOf(await claimed(relay.id)));
    expect(await store.claim(relay.id)).toBeNull();
    expect(await store.claim(newId())).toBeNull();
  });
});

describe('the relay secret', () => {
  it('is made once, a valid key, sealed in the row and bound to it', async () => {
    const [one, two] = [await createRelay(), await createRelay()];
    const work = await claimed(one.id);
    const [secret, again] = await Promise.all([store.secret(work.claim), store.secret(work.claim)]);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toBe(secret);
    expect(() => secretSigner(secret)).not.toThrow();

    const [row] = await database.query('SELECT * FROM relay_sync WHERE relay_id = $1', [one.id]);
    expect(JSON.stringify(row)).not.toContain(secret);
    const other = await claimed(two.id);
    const move =
      'UPDATE relay_sync SET sealed_secret = (SELECT sealed_secret FROM relay_sync WHERE relay_id = $1) WHERE relay_id = $2';
    await database.query(move, [one.id, two.id]);
    await expect(store.secret(other.claim)).rejects.toMatchObject({ name: 'RelaySecretError' });
  });
});

describe('what happened', () => {
  const retryAt = (failures: number) => (failures >= 3 ? null : at(10 * failures));
  const activities = (id: Id) =>
    database.query('SELECT type, actor FROM activity WHERE resource_id = $1 ORDER BY seq', [id]);

  it('synced: config, generation, error and count in one step with one activity, once', async () => {
    const relay = await createRelay();
    await store.markFailed({ ...syncedOf(await claimed(relay.id)), error: 'down', retryAt });
    clock.advance(10);
    const work = await claimed(relay.id);
    expect(await store.markSynced(syncedOf(work, { host: 'h' }))).toEqual({ newer: false });
    expect(await store.markSynced(syncedOf(work, { host: 'h' }))).toBeNull();
    expect(await store.everSynced(relay.id)).toBe(true);
    const [row] = await database.query('SELECT * FROM relay_sync WHERE relay_id = $1', [relay.id]);
    expect(row).toMatchObject({ sync_error: '', failures: 0, claimed_until: null, first_synced_at: clock.now() });
    expect((await activities(relay.id)).slice(1)).toEqual([
      { type: 'fail_relay_sync', actor: 'relay-provisioner' },
      { type: 'complete_relay_sync', actor: 'relay-provisioner' },
    ]);
  });

  it('synced, but the tenant wants something new: due at once, with what zooid has', async () => {
    const relay = await createRelay();
    const work = await claimed(relay.id);
    const change = { id: relay.id, actor: relay.tenantPubkey };
    await relayCommands(gateway.client, { clock, newId }).change(change, () => ({
      type: 'update_relay',
      settings: { info_name: 'New' },
    }));
    expect(await store.markSynced(syncedOf(work, { host: 'h' }))).toEqual({ newer: true });
    expect(await store.due(10)).toEqual([relay.id]);
    expect(await claimed(relay.id)).toMatchObject({
      known: { host: 'h' },
      relay: { generation: 2, appliedGeneration: 1, info_name: 'New' },
    });
  });

  it("synced beside a change of the tenant's: in the order of the history, with the plan of that moment, and never stuck", async () => {
    const relays = await Promise.all(Array.from({ length: 24 }, createRelay));
    const works = await Promise.all(relays.map(({ id }) => claimed(id)));
    const commands = relayCommands(gateway.client, { clock, newId });
    await Promise.all(
      works.flatMap((work) => {
        const { id, tenantPubkey } = work.relay;
        const change = () =>
          commands.change({ id, actor: tenantPubkey }, () => ({
            type: 'update_relay',
            settings: { plan_id: 'basic' },
          }));
        return [store.markSynced(syncedOf(work)), change()];
      }),
    );
    for (const { id, tenantPubkey } of relays) {
      const facts = await database.query<{ type: string; plan: string; seq: number }>(
        `SELECT type, seq, snapshot ->> 'plan_id' AS plan FROM activity WHERE tenant_pubkey = $1 ORDER BY seq`,
        [tenantPubkey],
      );
      expect(facts.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
      const changedFirst = facts[2]?.type === 'update_relay';
      expect(facts.find(({ type }) => type === 'complete_relay_sync')?.plan).toBe(changedFirst ? 'basic' : 'free');
      expect(await store.due(100)).toContain(id);
    }
  });

  it('failed, but the tenant wants something new: counts nothing and is due at once', async () => {
    const relay = await createRelay();
    const work = await claimed(relay.id);
    const change = { id: relay.id, actor: relay.tenantPubkey };
    await relayCommands(gateway.client, { clock, newId }).change(change, () => ({
      type: 'update_relay',
      settings: {},
    }));
    expect(await store.markFailed({ ...syncedOf(work), error: 'x', retryAt })).toBeNull();
    expect(await store.due(10)).toEqual([relay.id]);
  });

  it('failed again and again: counted, two activities, and then never due', async () => {
    const relay = await createRelay();
    const results = [];
    for (let failure = 1; failure <= 3; failure += 1) {
      results.push(await store.markFailed({ ...syncedOf(await claimed(relay.id)), error: `no ${failure}`, retryAt }));
      clock.advance(10 * failure);
    }
    expect(results.map((result) => [result?.failures, result?.nextTryAt === null])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(await activities(relay.id)).toHaveLength(3);
    expect(await store.due(10)).toEqual([]);
    expect(await store.everSynced(relay.id)).toBe(false);
  });

  it('given up, and set due again by hand: a new run of tries', async () => {
    const relay = await createRelay();
    for (let failure = 1; failure <= 3; failure += 1) {
      await store.markFailed({ ...syncedOf(await claimed(relay.id)), error: 'no', retryAt });
      clock.advance(30);
    }
    await database.query('UPDATE relay SET next_sync_at = $1 WHERE id = $2', [clock.now(), relay.id]);
    const failed = await store.markFailed({ ...syncedOf(await claimed(relay.id)), error: 'no', retryAt });
    expect(failed?.failures).toBe(1);
  });
});

it('its role can neither change what a tenant wants nor read a wallet', async () => {
  const refused = { message: expect.stringMatching(/permission denied/) };
  await expect(provisioner.client.$executeRaw`UPDATE relay SET status = 'active'`).rejects.toMatchObject(refused);
  await expect(provisioner.client.$queryRaw`SELECT * FROM tenant_wallet`).rejects.toMatchObject(refused);
});
