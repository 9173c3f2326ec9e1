import { unixSeconds } from '@caravel/domain';
import { generateSecret, messagingRelayListEvent, relayPool, secretSigner, unwrapMessage } from '@caravel/nostr';
import type { RelayPool, Rumor, Signer } from '@caravel/nostr';
import { publishIdentity } from '@caravel/robot-feature';
import { relayUnderTest } from '@caravel/stand-ins';
import type { RelayUnderTest } from '@caravel/stand-ins';
import { robotSetup } from './testing/robot-setup.js';
import type { RobotSetup } from './testing/robot-setup.js';

const REAL = process.env['RELAY_URL'];
const { signal } = new AbortController();

/** From the row to what the tenant's client shows, through the stand-in or the relay at RELAY_URL. */
describe(`the robot at a relay (${REAL ?? 'stand-in'})`, () => {
  let relay: RelayUnderTest;
  let setup: RobotSetup;
  let tenant: Signer;
  let client: RelayPool;

  beforeAll(async () => {
    relay = await relayUnderTest(REAL);
    setup = await robotSetup();
  });
  beforeEach(async () => {
    tenant = secretSigner(generateSecret());
    client = relayPool({ auth: tenant });
    const list = messagingRelayListEvent([relay.url], unixSeconds(new Date()));
    expect(await client.publish([relay.url], tenant.sign(list))).toMatchObject([{ ok: true }]);
  });
  afterEach(() => {
    client.close();
  });
  afterAll(async () => {
    await setup.close();
    await relay.stop();
  });

  const robot = (options = {}) => setup.robot({ indexers: [relay.url], fallback: [], ...options });
  /** What the tenant's client finds, each gift wrap opened and checked. */
  const received = async (): Promise<Rumor[]> => {
    const wraps = await client.query([relay.url], [{ kinds: [1059], '#p': [tenant.pubkey] }]);
    return wraps.map((wrap) => unwrapMessage(tenant, wrap));
  };

  it('finds where a tenant reads, and is read there', async () => {
    const id = await setup.addMessage(tenant);
    await robot().sweep(signal);
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now(), tries: 1 });
    const [rumor, ...more] = await received();
    expect(rumor).toMatchObject({ kind: 14, pubkey: setup.signer.pubkey, tags: [['p', tenant.pubkey]] });
    expect(rumor?.content).toContain('$5.00');
    expect(more).toEqual([]);
  });

  it('is read once although it died between the relay’s OK and its own note of it', async () => {
    const id = await setup.addMessage(tenant);
    const dead = () => Promise.reject(new Error('killed'));
    const dying = { ...setup.store, recordDeliveries: dead, markSent: dead, markRetry: dead };
    await expect(robot({ messages: dying }).sweep(signal)).rejects.toThrow();
    setup.clock.advance(60);
    await robot().sweep(signal);
    await expect(setup.row(id)).resolves.toMatchObject({ sent_at: setup.clock.now(), tries: 2 });
    const rumors = await received();
    expect(rumors).toHaveLength(2);
    expect(new Set(rumors.map((rumor) => rumor.id)).size).toBe(1);
  });

  it('publishes who it is once, and finds it there after a restart', async () => {
    const { signer, clock, log, pool } = setup;
    const about = { name: 'Caravel', description: 'Hosts relays', picture: 'https://caravel.example/robot.png' };
    const lists = { outboxRelays: [relay.url], indexerRelays: [relay.url], messagingRelays: [relay.url] };
    const found = () => client.query([relay.url], [{ kinds: [0, 10_002, 10_050], authors: [signer.pubkey] }]);
    await publishIdentity({ ...about, ...lists }, { pool, signer, clock, log })(signal);
    const before = await found();
    expect(before.map(({ kind }) => kind).sort((a, b) => a - b)).toEqual([0, 10_002, 10_050]);
    clock.advance(3600);
    await publishIdentity({ ...about, ...lists }, { pool, signer, clock, log })(signal);
    await expect(found()).resolves.toEqual(before);
  });
});
