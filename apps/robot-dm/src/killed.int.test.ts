import { systemClock, unixSeconds } from '@caravel/domain';
import {
  generateSecret,
  makeDirectMessageRumor,
  messagingRelayListEvent,
  relayPool,
  secretSigner,
  wrapMessage,
} from '@caravel/nostr';
import type { Signer } from '@caravel/nostr';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { createTestDatabase, eventually } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { bundleRobot, startRobotProcess } from './testing/robot-process.js';
import type { RobotProcess } from './testing/robot-process.js';
import { received } from './testing/robot-setup.js';

const TENANTS = 12;
const secret = generateSecret();
const robot = secretSigner(secret);

describe('robots as they are deployed', () => {
  let database: TestDatabase;
  let relay: RelayStandIn;
  const pool = relayPool();
  const started: RobotProcess[] = [];

  beforeAll(async () => {
    bundleRobot();
    database = await createTestDatabase();
    relay = await startRelay();
  });
  afterAll(async () => {
    await Promise.all(started.map(({ kill }) => kill()));
    pool.close();
    await relay.stop();
    await database.drop();
  });

  const ask = async (tenant: Signer): Promise<void> => {
    const nowS = unixSeconds(systemClock.now());
    await database.query('INSERT INTO tenant (pubkey, created_at) VALUES ($1, now())', [tenant.pubkey]);
    await pool.publish([relay.url], tenant.sign(messagingRelayListEvent([relay.url], nowS)));
    const rumor = makeDirectMessageRumor({ from: tenant.pubkey, to: robot.pubkey, text: 'help', createdAtS: nowS });
    for (let copy = 0; copy < 2; copy += 1) {
      await pool.publish([relay.url], wrapMessage({ signer: tenant, recipient: robot.pubkey, rumor }));
    }
  };
  const count = async (sql: string): Promise<number> => {
    const [row] = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`);
    return row?.count ?? 0;
  };

  it('answer every tenant once, although two read the same letters and each is killed in the middle', async () => {
    const start = () => {
      const process = startRobotProcess({ databaseUrl: database.url('robot'), secret, relayUrl: relay.url });
      started.push(process);
      return process;
    };
    const tenants = Array.from({ length: TENANTS }, () => secretSigner(generateSecret()));
    await Promise.all(tenants.map(ask));
    const patience = { timeoutMs: 25_000 };

    const [first, second] = [start(), start()];
    await eventually(async () => (await count('inbound_message')) > 0, patience);
    await first.kill();
    await eventually(async () => (await count('inbound_message')) === TENANTS, patience);
    await second.kill();
    // What the dead had claimed would be due in a minute.
    await database.query('UPDATE message SET next_try_at = now() WHERE sent_at IS NULL');
    const third = start();
    await eventually(async () => (await count('message WHERE sent_at IS NOT NULL')) === TENANTS, patience);
    await third.stop();

    expect(await count('message')).toBe(TENANTS);
    for (const tenant of tenants) {
      const rumors = received(relay, tenant);
      expect(new Set(rumors.map(({ id }) => id)).size).toBe(1);
      expect(rumors[0]?.content).toContain('Send me one of these words');
    }
  });
});
