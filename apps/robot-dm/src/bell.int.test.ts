import { directMessage } from '@caravel/contracts';
import { systemClock, unixSeconds } from '@caravel/domain';
import { relayPool, unwrapMessage } from '@caravel/nostr';
import { bellRinger, startBellWorker, startSweep } from '@caravel/queue';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { eventually, queueBackends } from '@caravel/testing';
import { received, robotSetup, tenantAt, wrapsFor } from './testing/robot-setup.js';
import type { RobotSetup } from './testing/robot-setup.js';

/** A Redis database of our own: a worker of another test would take the bells away. */
const OWN_REDIS_DATABASE = '/9';

describe.each(queueBackends())('the bell direct-message on $name', ({ redisUrl }) => {
  let setup: RobotSetup;
  let inbox: RelayStandIn;

  beforeEach(async () => {
    setup = await robotSetup();
    inbox = await startRelay();
  });
  afterEach(async () => {
    await inbox.stop();
    await setup.close();
  });

  const connect = () => ({
    connection: {
      databaseUrl: setup.testDatabase.url('robot'),
      redisUrl: redisUrl === undefined ? undefined : new URL(OWN_REDIS_DATABASE, redisUrl).href,
    },
    deps: { log: setup.log, clock: systemClock },
  });

  it('makes a row a gift wrap that only the tenant can fetch and open', async () => {
    const { connection, deps } = connect();
    const worker = startBellWorker(directMessage, setup.robot().deliver, { ...deps, connection });
    const ringer = bellRinger(connection, deps);
    const tenant = await tenantAt(setup, [inbox.url]);
    const id = await setup.addMessage(tenant);
    await ringer.ring(directMessage, { tenantPubkey: tenant.pubkey });

    const pool = relayPool({ auth: tenant });
    const wrap = await eventually(async () => {
      const [event] = await pool.query([inbox.url], [{ kinds: [1059], '#p': [tenant.pubkey] }]);
      return event;
    });
    expect(wrap.pubkey).not.toBe(setup.signer.pubkey);
    expect(wrap.tags).toEqual([['p', tenant.pubkey]]);
    expect(wrap.created_at).toBeLessThanOrEqual(unixSeconds(setup.clock.now()));
    expect(wrap.created_at).toBeGreaterThan(unixSeconds(setup.clock.now()) - 2 * 86_400);
    expect(unwrapMessage(tenant, wrap)).toMatchObject({
      kind: 14,
      pubkey: setup.signer.pubkey,
      tags: [['p', tenant.pubkey]],
      content: expect.stringContaining('Your relay hosting invoice is due: $5.00.'),
    });
    await eventually(async () => (await setup.row(id)).sent_at);

    pool.close();
    await ringer.close();
    await worker.close();
  });

  it('rung many times for two workers and their sweeps gives each tenant one wrap that says it all', async () => {
    const { connection, deps } = connect();
    const closers = [1, 2].flatMap(() => {
      const { deliver, sweep } = setup.robot();
      return [
        startBellWorker(directMessage, deliver, { ...deps, connection }),
        startSweep({ name: 'messages', run: sweep, everyMs: 20 }, deps),
      ];
    });
    const ringer = bellRinger(connection, deps);
    const tenants = await Promise.all(Array.from({ length: 5 }, () => tenantAt(setup, [inbox.url])));
    const ids = await Promise.all([...tenants, ...tenants, ...tenants].map((tenant) => setup.addMessage(tenant)));
    const rings = [...tenants, ...tenants].map(({ pubkey }) => ringer.ring(directMessage, { tenantPubkey: pubkey }));
    await Promise.all(rings);

    await eventually(async () => {
      const rows = await Promise.all(ids.map((id) => setup.row(id)));
      return rows.every(({ sent_at }) => sent_at !== null);
    });
    await ringer.close();
    await Promise.all(closers.map((closer) => closer.close()));
    for (const tenant of tenants) {
      expect(wrapsFor(inbox, tenant.pubkey)).toHaveLength(1);
      expect(received(inbox, tenant)[0]?.content).toContain('3 relay hosting invoices are due, $15.00 together.');
    }
  });
});
