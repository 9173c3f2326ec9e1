import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { relayHost } from '@caravel/domain';
import type { Relay } from '@caravel/domain';
import { relaySecretBox } from '@caravel/provisioning-data-access';
import { findRelayMembers, oneZooid } from '@caravel/provisioning-feature';
import { eventually } from '@caravel/testing';
import { OPERATOR_SECRETS, startWorld, ZOOID_SECRET } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  world.zooid.faults.set([]);
  world.zooid.calls.clear();
  world.rung.length = 0;
});
afterAll(() => world.stop());

const signal = new AbortController().signal;
const shown = (relay: Relay) => world.client.relayInfo(relayHost(relay), signal);
const calls = (relay: Relay) => world.managementCalls(relay).map(({ call }) => call);
const secretAtZooid = (relay: Relay) =>
  (world.zooid.ledger() as { relays: Record<string, { secret: string }> }).relays[relay.id]?.secret;

async function expectSynced(relay: Relay): Promise<void> {
  const now = await world.findRelay(relay.id);
  expect(now?.appliedGeneration).toBe(now?.generation);
  const row = { sync_error: '', failures: 0, claimed_until: null, next_sync_at: null };
  expect(await world.syncRow(relay.id)).toMatchObject({ ...row, first_synced_at: expect.any(Date) });
}

describe('a new relay', () => {
  it('is posted once with the whole configuration, answers NIP-11 at its host, and is synced', async () => {
    const relay = await world.createRelay({ info_name: 'Bakers' });
    await world.provisioner().sweep();

    expect(await shown(relay)).toEqual({
      name: 'Bakers',
      icon: relay.info_icon,
      description: relay.info_description,
      pubkey: relay.tenantPubkey,
    });
    await expectSynced(relay);
    expect(await world.activities(relay.id)).toEqual(['create_relay', 'complete_relay_sync']);
    expect(world.rung).toEqual(['billing-account']);
    expect(world.managementCalls(relay)).toEqual([
      {
        call: 'POST 201',
        body: expect.objectContaining({
          host: relayHost(relay),
          schema: relay.schema,
          secret: expect.stringMatching(/^[0-9a-f]{64}$/),
          inactive: false,
          livekit: { server_url: 'wss://live.example', api_key: OPERATOR_SECRETS[2], api_secret: OPERATOR_SECRETS[3] },
        }),
      },
    ]);
  });

  it('tells billing in its snapshot that it has come up', async () => {
    const relay = await world.createRelay();
    await world.provisioner().sync(relay.id);
    const sql = 'SELECT snapshot FROM activity WHERE resource_id = $1 ORDER BY seq';
    const snapshots = await world.database.query<{ snapshot: { provisioned: boolean } }>(sql, [relay.id]);
    expect(snapshots.map(({ snapshot }) => snapshot.provisioned)).toEqual([false, true]);
  });

  it('leaves no secret in logs, errors or stored configuration, also when zooid repeats them in its error', async () => {
    const relay = await world.createRelay();
    const echo = await startEcho();
    await world.provisioner({ zooid: world.zooidClientAt(echo.url) }).sync(relay.id);
    await echo.close();
    const failed = await world.syncRow(relay.id);
    expect(failed?.sync_error).toContain('The relay server refused (400): ');
    world.clock.advance(30);
    await world.provisioner().sync(relay.id);
    await expectSynced(relay);

    const row = await world.syncRow(relay.id);
    const secret = relaySecretBox(ZOOID_SECRET).open(relay.id, row?.sealed_secret ?? '');
    expect(secretAtZooid(relay)).toBe(secret);
    expect(echo.heard()).toContain(secret);
    const everything = `${world.logLines.join('')}${row?.applied ?? ''}${failed?.sync_error ?? ''}`;
    for (const hidden of [secret, ZOOID_SECRET, ...OPERATOR_SECRETS]) expect(everything).not.toContain(hidden);
  });
});

/** A server that refuses everything and says in its error what it was sent. */
async function startEcho(): Promise<{ url: string; heard: () => string; close: () => Promise<void> }> {
  let heard = '';
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      heard += body;
      const at = body.indexOf('"s3"');
      const error = `${(JSON.parse(body) as { secret: string }).secret} ${body.slice(at, at + 150)}`;
      response.writeHead(400).end(JSON.stringify({ error }));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heard: () => heard,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a lost answer', () => {
  it('to the POST is followed by 409 and a PATCH, with the same relay secret', async () => {
    const relay = await world.createRelay();
    world.zooid.faults.set([{ match: 'POST /relay/', mode: 'drop-answer', times: 1 }]);
    const { sweep } = world.provisioner();
    await sweep();
    const secret = secretAtZooid(relay);
    expect(await world.syncRow(relay.id)).toMatchObject({ failures: 1, applied: null });

    world.clock.advance(30);
    await sweep();
    await expectSynced(relay);
    expect(calls(relay)).toEqual(['POST cut', 'POST 409', 'PATCH 200']);
    expect(secretAtZooid(relay)).toBe(secret);
  });

  it('to a PATCH is followed by the same fields again, even when the tenant has gone back meanwhile', async () => {
    const relay = await world.createRelay({ policy_public_join: false });
    const { sync } = world.provisioner();
    await sync(relay.id);
    world.zooid.faults.set([{ match: 'PATCH /relay/', mode: 'drop-answer', times: 1 }]);
    await world.changeRelay(relay, { policy_public_join: true });
    await sync(relay.id);
    await world.changeRelay(relay, { policy_public_join: false });
    await sync(relay.id);

    await expectSynced(relay);
    expect(world.managementCalls(relay).slice(1)).toEqual([
      { call: 'PATCH cut', body: { policy: { public_join: true } } },
      { call: 'PATCH 200', body: { policy: { public_join: false } } },
    ]);
  });

  it('by a crash between POST and the end is repeated once the claim has run out, to the same end', async () => {
    const relay = await world.createRelay();
    const crashed = world.provisioner();
    const work = await crashed.syncs.claim(relay.id);
    if (!work) throw new Error('not claimed');
    const secret = await crashed.syncs.secret(work.claim);
    const config = { host: relayHost(relay), schema: relay.schema, secret, info: { pubkey: relay.tenantPubkey } };
    await world.client.create(relay.id, config, signal);

    const { sweep } = world.provisioner();
    await sweep();
    expect(calls(relay)).toEqual(['POST 201']);
    world.clock.advance(20);
    await sweep();
    await expectSynced(relay);
    expect(calls(relay)).toEqual(['POST 201', 'POST 409', 'PATCH 200']);
    expect(secretAtZooid(relay)).toBe(secret);
    expect(await world.activities(relay.id)).toEqual(['create_relay', 'complete_relay_sync']);
    // The crashed one comes back to life: its claim is gone and nothing it says counts.
    const { claim } = work;
    const { tenantPubkey } = relay;
    expect(await crashed.syncs.markSynced({ claim, tenantPubkey, generation: 1, config: {} })).toBeNull();
    await expectSynced(relay);
  });
});

describe('zooid', () => {
  it('answering 500, then hanging, then working: synced, with one failure and one completion on record', async () => {
    const relay = await world.createRelay();
    world.zooid.faults.set([
      { match: 'POST /relay/', mode: 'fail', status: 500, times: 1 },
      { match: 'POST /relay/', mode: 'hang', times: 1 },
    ]);
    const { sweep } = world.provisioner();
    await sweep();
    expect(await world.syncRow(relay.id)).toMatchObject({
      failures: 1,
      sync_error: 'The relay server answered with an error (500).',
    });
    world.clock.advance(30);
    await sweep();
    expect(await world.syncRow(relay.id)).toMatchObject({
      failures: 2,
      sync_error: 'The relay server did not answer in time.',
    });
    world.clock.advance(60);
    await sweep();
    await expectSynced(relay);
    expect(await world.activities(relay.id)).toEqual(['create_relay', 'fail_relay_sync', 'complete_relay_sync']);
  });

  it('being down is asked at 0, 30, 90, 210, 450 and 930 s, never more, and then given up with an alert', async () => {
    const relay = await world.createRelay();
    world.zooid.faults.set([{ match: 'POST /relay/', mode: 'fail', status: 503 }]);
    const { sync, sweep } = world.provisioner();
    const askedAtS: number[] = [];
    for (let second = 0; second <= 1200; second += 30) {
      const before = calls(relay).length;
      await sweep();
      await sync(relay.id); // bells don't make it ask earlier
      if (calls(relay).length > before) askedAtS.push(second);
      world.clock.advance(30);
    }
    expect(askedAtS).toEqual([0, 30, 90, 210, 450, 930]);
    expect(calls(relay)).toHaveLength(6);
    expect(await world.syncRow(relay.id)).toMatchObject({ failures: 6, next_sync_at: null });
    expect(await world.activities(relay.id)).toEqual(['create_relay', 'fail_relay_sync', 'fail_relay_sync']);
    expect(world.logLines.filter((line) => line.includes(relay.id) && line.includes('given up'))).toHaveLength(1);

    world.zooid.faults.set([]);
    await world.changeRelay(relay, { info_name: 'Afresh' });
    await sweep();
    await expectSynced(relay);
  });

  it('begins a new run of tries after a change of the tenant', async () => {
    const relay = await world.createRelay();
    world.zooid.faults.set([{ match: 'POST /relay/', mode: 'fail' }]);
    const { sync } = world.provisioner();
    await sync(relay.id);
    world.clock.advance(30);
    await sync(relay.id);
    expect(await world.syncRow(relay.id)).toMatchObject({ failures: 2 });
    await world.changeRelay(relay, { info_name: 'New' });
    await sync(relay.id);
    expect(await world.syncRow(relay.id)).toMatchObject({ failures: 1 });
  });

  it('that has lost everything gets the relay back with the secret it had', async () => {
    const relay = await world.createRelay();
    const { sync } = world.provisioner();
    await sync(relay.id);
    const secret = secretAtZooid(relay);
    world.zooid.restartEmpty();
    await world.changeRelay(relay, { info_name: 'Back' });
    await sync(relay.id);
    await expectSynced(relay);
    expect(calls(relay)).toEqual(['POST 201', 'PATCH 404', 'POST 201']);
    expect(secretAtZooid(relay)).toBe(secret);
  });
});

describe('a host that another relay uses', () => {
  const occupy = async (relay: Relay) => {
    const stranger = await world.createRelay();
    const config = {
      host: relayHost(relay),
      schema: stranger.schema,
      secret: '3'.repeat(64),
      info: { pubkey: stranger.tenantPubkey },
    };
    await world.client.create(stranger.id, config, signal);
    return () => world.client.patch(stranger.id, { host: `${stranger.subdomain}.relays.localhost` }, signal);
  };

  it('is a sync error, tried again later, and synced once the host is free', async () => {
    const relay = await world.createRelay();
    const leave = await occupy(relay);
    world.zooid.calls.clear();
    const { sync } = world.provisioner();
    await sync(relay.id);
    expect(calls(relay)).toEqual(['POST 409', 'PATCH 404']);
    expect((await world.findRelay(relay.id))?.syncError).toBe(
      `The address ${relayHost(relay)} is used by another relay.`,
    );

    await leave();
    await sync(relay.id);
    expect((await world.findRelay(relay.id))?.appliedGeneration).toBe(0);
    world.clock.advance(30);
    await sync(relay.id);
    await expectSynced(relay);
  });

  it('refuses a change of the name, and what zooid has stays known', async () => {
    const [relay, other] = [await world.createRelay(), await world.createRelay()];
    const { sync } = world.provisioner();
    await sync(relay.id);
    await sync(other.id);
    const before = await world.syncRow(relay.id);
    await world.client.patch(other.id, { host: 'wanted.relays.localhost' }, signal);
    await world.changeRelay(relay, { subdomain: 'wanted' });
    await sync(relay.id);
    expect(await world.syncRow(relay.id)).toMatchObject({ applied: before?.applied, failures: 1 });
  });
});

describe('a change', () => {
  it('is patched with only the differences, and a change that zooid need not know with nothing', async () => {
    const relay = await world.createRelay();
    const { sync } = world.provisioner();
    await sync(relay.id);
    await world.changeRelay(relay, { info_name: 'Renamed', livekit_enabled: false });
    await sync(relay.id);
    await world.changeRelay(relay, { plan_id: 'growth' });
    await sync(relay.id);
    await expectSynced(relay);
    expect(world.managementCalls(relay).slice(1)).toEqual([
      {
        call: 'PATCH 200',
        body: { info: { name: 'Renamed' }, livekit: { server_url: '', api_key: '', api_secret: '' } },
      },
    ]);
  });

  it('that comes in the middle of a sync is seen before the handler ends, and sent with only the difference', async () => {
    const relay = await world.createRelay();
    world.zooid.faults.set([{ match: 'POST /relay/', mode: 'late', ms: 150, done: true, times: 1 }]);
    const syncing = world.provisioner().sync(relay.id);
    await eventually(() => world.zooid.calls.list().some(({ subject }) => subject.startsWith('POST')));
    await world.changeRelay(relay, { info_description: 'Changed meanwhile' });
    await syncing;
    await expectSynced(relay);
    expect(world.managementCalls(relay).slice(1)).toEqual([
      { call: 'PATCH 200', body: { info: { description: 'Changed meanwhile' } } },
    ]);
    expect((await shown(relay))?.description).toBe('Changed meanwhile');
  });

  it('to inactive is verified as 404, and back to active as an answer', async () => {
    const relay = await world.createRelay();
    const { sync } = world.provisioner();
    await sync(relay.id);
    await world.changeRelay(relay, {}, 'inactive');
    await sync(relay.id);
    await expectSynced(relay);
    expect(await shown(relay)).toBeNull();
    await world.changeRelay(relay, {}, 'active');
    await sync(relay.id);
    await expectSynced(relay);
    expect(await shown(relay)).not.toBeNull();
  });
});

describe('verification', () => {
  const blind = () => ({ liveWithinMs: 60, zooid: { ...world.client, relayInfo: () => Promise.resolve(null) } });

  it('leaves a relay that does not show its configuration unsynced, looks again, and sends nothing again', async () => {
    const relay = await world.createRelay();
    await world.provisioner(blind()).sync(relay.id);
    expect(await world.syncRow(relay.id)).toMatchObject({ sync_error: '', failures: 0, first_synced_at: null });
    expect((await world.findRelay(relay.id))?.appliedGeneration).toBe(0);

    const { sync, sweep } = world.provisioner();
    await sync(relay.id);
    expect((await world.findRelay(relay.id))?.appliedGeneration).toBe(0); // not looked at before its time
    world.clock.advance(5);
    await sweep();
    await expectSynced(relay);
    expect(calls(relay)).toEqual(['POST 201']);
  });

  it('that takes more than a minute is a failure, and everything is sent again', async () => {
    const relay = await world.createRelay();
    const { sync } = world.provisioner(blind());
    for (let second = 0; second <= 60; second += 5) {
      await sync(relay.id);
      world.clock.advance(5);
    }
    expect(calls(relay)).toEqual(['POST 201']);
    expect((await world.findRelay(relay.id))?.syncError).toContain('does not show it');
    world.clock.advance(30);
    await world.provisioner().sync(relay.id);
    await expectSynced(relay);
    expect(calls(relay)).toEqual(['POST 201', 'PATCH 200']);
  });
});

describe('handlers side by side', () => {
  it('of one relay, in several processes, make one call at a time and one in all', async () => {
    const relay = await world.createRelay();
    world.zooid.faults.set([{ match: 'POST /relay/', mode: 'late', ms: 50, times: 1 }]);
    const processes = [world.provisioner(), world.provisioner(), world.provisioner()];
    await Promise.all(processes.flatMap(({ sync, sweep }) => [sync(relay.id), sync(relay.id), sweep()]));
    await expectSynced(relay);
    expect(calls(relay)).toEqual(['POST 201']);
    expect(await world.activities(relay.id)).toEqual(['create_relay', 'complete_relay_sync']);
  });

  it('of many relays are bounded and leave none behind', async () => {
    let [running, most] = [0, 0];
    const counted: typeof world.client.create = async (...args) => {
      most = Math.max(most, (running += 1));
      const answer = await world.client.create(...args);
      running -= 1;
      return answer;
    };
    const relays = await Promise.all(Array.from({ length: 20 }, () => world.createRelay()));
    await world.provisioner({ zooid: { ...world.client, create: counted } }).sweep();
    for (const relay of relays) await expectSynced(relay);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('give the claim back when the service stops in the middle, without counting a failure', async () => {
    const relay = await world.createRelay();
    world.zooid.faults.set([{ match: 'POST /relay/', mode: 'hang', times: 1 }]);
    const stopping = new AbortController();
    const handled = world.provisioner().handle({ relayId: relay.id }, { log: world.log, signal: stopping.signal });
    await eventually(() => world.zooid.calls.list().length > 0);
    stopping.abort(new Error('stopping'));
    await expect(handled).rejects.toThrow();
    expect(await world.syncRow(relay.id)).toMatchObject({ failures: 0, claimed_until: null });
    await world.provisioner().sweep();
    await expectSynced(relay);
  });
});

describe('members', () => {
  const ask = (relay: Relay) => {
    const { syncs } = world.provisioner();
    return findRelayMembers({ syncs, zooids: oneZooid(world.client, '') })({ relayId: relay.id }, { signal });
  };

  it('are read live', async () => {
    const relay = await world.createRelay();
    await world.provisioner().sync(relay.id);
    world.zooid.setMembers(relay.id, [relay.tenantPubkey]);
    expect(await ask(relay)).toEqual({ members: [relay.tenantPubkey] });
  });

  it('of a relay that never came up are none, and zooid is not asked', async () => {
    expect(await ask(await world.createRelay())).toEqual({ members: [] });
    expect(world.zooid.calls.list()).toEqual([]);
  });

  it('of a relay that zooid has lost are none', async () => {
    const relay = await world.createRelay();
    await world.provisioner().sync(relay.id);
    world.zooid.restartEmpty();
    expect(await ask(relay)).toEqual({ members: [] });
  });

  it('are service-unavailable when zooid does not tell, and not-found without a relay', async () => {
    const relay = await world.createRelay();
    await world.provisioner().sync(relay.id);
    world.zooid.faults.set([{ match: 'GET /relay/', mode: 'fail' }]);
    await expect(ask(relay)).rejects.toMatchObject({ code: 'service-unavailable' });
    const nobody = { ...relay, id: world.newId() };
    await expect(ask(nobody)).rejects.toMatchObject({ code: 'not-found' });
  });
});
