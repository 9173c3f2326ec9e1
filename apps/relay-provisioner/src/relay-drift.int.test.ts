import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { eventually } from '@caravel/testing';
import { startWorld } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';

const DAY_S = 86_400;

let world: World;
beforeAll(async () => {
  world = await startWorld({ reloadDelayMs: 5 });
});
beforeEach(() => {
  world.zooid.faults.set([]);
  world.zooid.calls.clear();
});
afterAll(() => world.stop());

const signal = new AbortController().signal;
const calls = (relay: Relay) => world.managementCalls(relay).map(({ call }) => call);
const shown = async (relay: Relay) => {
  const row = await world.findRelay(relay.id);
  return row && (await world.client.relayInfo(relayHost(row), signal));
};
const secretAtZooid = ({ id }: Relay) =>
  (world.zooid.ledger() as { relays: Record<string, { secret: string }> }).relays[id]?.secret;

async function syncedRelays(count: number): Promise<Relay[]> {
  const relays = await Promise.all(Array.from({ length: count }, () => world.createRelay()));
  await world.provisioner().sweep();
  return relays;
}
async function syncedRelay(): Promise<Relay> {
  const [relay] = await syncedRelays(1);
  if (!relay) throw new Error('no relay');
  return relay;
}
async function ownerRenames(relay: Relay, name: string): Promise<void> {
  world.zooid.editInfo(relay.id, { name });
  await eventually(async () => (await shown(relay))?.name === name);
}

describe("an owner's edit at zooid", () => {
  it('is in the row after a day at most, in the history, and causes no call', async () => {
    const relay = await syncedRelay();
    await ownerRenames(relay, 'Ours');
    world.clock.advance(DAY_S);
    await world.provisioner().checkSweep();
    await world.provisioner().sweep();
    expect(await world.findRelay(relay.id)).toMatchObject({ info_name: 'Ours', generation: 1, appliedGeneration: 1 });
    expect(await world.activities(relay.id)).toEqual(['create_relay', 'complete_relay_sync', 'update_relay']);
    expect(calls(relay)).toEqual(['POST 201']);
  });

  it("survives the tenant's change of something else, which is all that is sent", async () => {
    const relay = await syncedRelay();
    await ownerRenames(relay, 'Ours');
    await world.changeRelay(relay, { info_description: 'Told' });
    await world.provisioner().sync(relay.id);
    expect(await world.findRelay(relay.id)).toMatchObject({ info_name: 'Ours', info_description: 'Told' });
    expect(await shown(relay)).toMatchObject({ name: 'Ours', description: 'Told' });
    expect(world.managementCalls(relay).slice(1)).toEqual([
      { call: 'PATCH 200', body: { info: { description: 'Told' } } },
    ]);
  });

  it("loses against the tenant's own change of the same field", async () => {
    const relay = await syncedRelay();
    await ownerRenames(relay, 'Ours');
    await world.changeRelay(relay, { info_name: 'Mine' });
    await world.provisioner().sync(relay.id);
    expect(await shown(relay)).toMatchObject({ name: 'Mine' });
    expect(await world.findRelay(relay.id)).toMatchObject({ info_name: 'Mine', generation: 2, appliedGeneration: 2 });
  });

  it('that the API would refuse is set back', async () => {
    const relay = await syncedRelay();
    await ownerRenames(relay, 'x'.repeat(300));
    world.clock.advance(DAY_S);
    const { checkSweep, sweep } = world.provisioner();
    await checkSweep();
    await sweep();
    expect(await shown(relay)).toMatchObject({ name: 'Team' });
    expect(world.managementCalls(relay).slice(1)).toEqual([{ call: 'PATCH 200', body: { info: { name: 'Team' } } }]);
  });

  it('is not mistaken for a change that zooid has accepted and does not show yet', async () => {
    const relay = await syncedRelay();
    await world.changeRelay(relay, { info_name: 'New' });
    const old = await shown(relay);
    const slow = { ...world.client, relayInfo: () => Promise.resolve(old ?? null) };
    await world.provisioner({ zooid: slow, liveWithinMs: 50 }).sync(relay.id);
    world.clock.advance(5);
    await world.provisioner({ zooid: slow, liveWithinMs: 50 }).sync(relay.id);
    world.clock.advance(5);
    await world.provisioner().sync(relay.id);
    expect(await world.findRelay(relay.id)).toMatchObject({ info_name: 'New', appliedGeneration: 2 });
    expect(calls(relay)).toEqual(['POST 201', 'PATCH 200']);
  });
});

describe('a relay that zooid has lost without telling', () => {
  it('is found by its check, created again with the key it had, and says so in its history', async () => {
    const [active, inactive] = await syncedRelays(2);
    if (!active || !inactive) throw new Error('no relays');
    await world.changeRelay(inactive, {}, 'inactive');
    const { sweep, checkSweep } = world.provisioner();
    await sweep();
    const secrets = [secretAtZooid(active), secretAtZooid(inactive)];
    world.zooid.restartEmpty();
    world.clock.advance(DAY_S);
    await checkSweep();
    world.clock.advance(5);
    await checkSweep(); // an active one has to be away twice
    await sweep();
    expect([secretAtZooid(active), secretAtZooid(inactive)]).toEqual(secrets);
    expect(calls(active)).toEqual(['POST 201', 'POST 201']);
    expect(await world.activities(active.id)).toEqual(['create_relay', 'complete_relay_sync', 'complete_relay_sync']);
  });

  it('has the others of its zooid looked at soon', async () => {
    const relays = await syncedRelays(20);
    world.zooid.restartEmpty();
    world.clock.advance(DAY_S / 2 + 3600); // for most it is hours until their turn
    const { sweep, checkSweep } = world.provisioner();
    for (let time = 0; time < 4; time += 1) {
      await checkSweep();
      world.clock.advance(5);
    }
    await sweep();
    for (const relay of relays) expect(secretAtZooid(relay)).toBeDefined();
  });

  it('is told everything again when zooid knows it and only does not serve it', async () => {
    const relay = await syncedRelay();
    world.zooid.darken(1);
    world.zooid.editInfo(relay.id, { description: 'any change of the file' });
    await eventually(async () => (await shown(relay)) === null);
    world.clock.advance(DAY_S);
    const { checkSweep, sweep } = world.provisioner();
    await checkSweep();
    world.clock.advance(5);
    await checkSweep();
    await sweep();
    expect(await shown(relay)).toMatchObject({ description: 'Where we talk' });
    expect(calls(relay)).toEqual(['POST 201', 'PATCH 200']);
  });

  it('is not lost while it is only being reloaded', async () => {
    const relay = await syncedRelay();
    world.clock.advance(DAY_S);
    let looks = 0;
    const reloading = {
      ...world.client,
      relayInfo: (host: string, listens: AbortSignal) =>
        (looks += 1) === 1 ? Promise.resolve(null) : world.client.relayInfo(host, listens),
    };
    const { checkSweep, sweep } = world.provisioner({ zooid: reloading });
    await checkSweep();
    world.clock.advance(5);
    await checkSweep();
    await sweep();
    expect(calls(relay)).toEqual(['POST 201']);
  });
});

describe('a zooid that does not answer', () => {
  it('is left alone after five relays; no relay uses up its tries; and when it is back all are synced', async () => {
    const relays = await Promise.all(Array.from({ length: 14 }, () => world.createRelay()));
    world.zooid.faults.set([{ match: 'POST /relay/', mode: 'fail', status: 503 }]);
    const { sweep, sync, breaker } = world.provisioner();
    await sweep();
    expect(breaker.state()).toBe('open');
    const asked = world.zooid.calls.list().length;
    expect(asked).toBeLessThanOrEqual(4 + 8);
    for (const { id } of relays) await sync(id); // bells don't make it ask, either
    await sweep();
    expect(world.zooid.calls.list()).toHaveLength(asked);

    for (let minute = 0; minute < 20; minute += 1) {
      world.clock.advance(60);
      await sweep();
    }
    expect(world.zooid.calls.list().length - asked).toBeLessThanOrEqual(20);
    const failures = await Promise.all(relays.map(async ({ id }) => (await world.syncRow(id))?.failures ?? 0));
    expect(failures.filter((count) => count > 0).length).toBeLessThanOrEqual(4);
    expect(Math.max(...failures)).toBe(1);

    world.zooid.faults.set([]);
    world.clock.advance(60);
    await sweep();
    world.clock.advance(60);
    await sweep();
    for (const { id } of relays)
      expect(await world.findRelay(id)).toMatchObject({ appliedGeneration: 1, syncError: '' });
  });

  it('is tried with another relay when one brings it down each time', async () => {
    const relays = await Promise.all(Array.from({ length: 12 }, () => world.createRelay()));
    const [poison] = relays;
    world.zooid.faults.set([{ match: 'POST /relay/', mode: 'fail', status: 503 }]);
    const { sweep } = world.provisioner();
    await sweep();
    world.zooid.faults.set([{ match: `POST /relay/${poison?.id}`, mode: 'fail', status: 500 }]);
    for (let minute = 0; minute < 4; minute += 1) {
      world.clock.advance(60);
      await sweep();
    }
    const synced = await Promise.all(relays.map(async ({ id }) => (await world.findRelay(id))?.appliedGeneration));
    expect(synced).toEqual([0, ...Array(11).fill(1)]);
  });
});
