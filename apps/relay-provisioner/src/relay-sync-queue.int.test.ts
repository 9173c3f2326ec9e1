import { relayMembers, relaySync } from '@caravel/contracts';
import { findRelayMembers, oneZooid } from '@caravel/provisioning-feature';
import { answers, bellRinger, callClient, startBellWorker, startCallWorker } from '@caravel/queue';
import { eventually, queueBackends } from '@caravel/testing';
import { startWorld } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';

describe.each(queueBackends())('on $name', ({ redisUrl }) => {
  let world: World;
  const owned: { close: () => Promise<void> }[] = [];
  const own = <T extends { close: () => Promise<void> }>(thing: T): T => {
    owned.push(thing);
    return thing;
  };
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(async () => {
    for (const thing of owned.reverse()) await thing.close();
    await world.stop();
  });

  const connections = () => ({
    gateway: { databaseUrl: world.database.url('gateway'), redisUrl },
    provisioner: { databaseUrl: world.database.url('provisioner'), redisUrl },
  });

  it('a bell rung by the gateway has the relay answering, and the members call reaches it', async () => {
    const { log, clock } = world;
    const { gateway, provisioner } = connections();
    const { syncs, handle } = world.provisioner();
    const members = answers(relayMembers, findRelayMembers({ syncs, zooids: oneZooid(world.client, '') }));
    own(startCallWorker('relay-provisioner', [members], { connection: provisioner, log, clock }));
    own(startBellWorker(relaySync, handle, { connection: provisioner, log, clock }));
    const bells = own(bellRinger(gateway, { log, clock }));
    const calls = own(callClient(gateway, { log, clock }));

    const relay = await world.createRelay();
    await eventually(async () => {
      await bells.ring(relaySync, { relayId: relay.id }); // the first may come before the queue is connected
      world.clock.advance(1);
      return (await world.findRelay(relay.id))?.appliedGeneration === 1;
    });
    world.zooid.setMembers(relay.id, [relay.tenantPubkey]);
    expect(await calls.ask(relayMembers, { relayId: relay.id })).toEqual({ members: [relay.tenantPubkey] });
  });
});
