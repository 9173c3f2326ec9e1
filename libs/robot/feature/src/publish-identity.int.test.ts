import { manualClock, systemClock, unixSeconds } from '@caravel/domain';
import { generateSecret, relayPool, secretSigner } from '@caravel/nostr';
import type { RelayPool } from '@caravel/nostr';
import { createLogger } from '@caravel/service';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { publishIdentity } from './publish-identity.js';

const log = createLogger({ service: 'test', level: 'silent' });
const { signal } = new AbortController();
const MESSAGING = ['wss://inbox.example'];

describe('the robot’s identity', () => {
  let outbox: RelayStandIn;
  let indexer: RelayStandIn;
  let pool: RelayPool;

  beforeEach(async () => {
    outbox = await startRelay();
    indexer = await startRelay();
    pool = relayPool();
  });
  afterEach(async () => {
    pool.close();
    await outbox.stop();
    await indexer.stop();
  });

  const start = (outboxRelays = [outbox.url]) => {
    const signer = secretSigner(generateSecret());
    const clock = manualClock(unixSeconds(systemClock.now()) - 3 * 86_400);
    const about = { name: 'Caravel', description: 'Hosts relays', picture: 'https://caravel.example/robot.png' };
    const identity = { ...about, outboxRelays, indexerRelays: [indexer.url], messagingRelays: MESSAGING };
    return { signer, clock, run: publishIdentity(identity, { pool, signer, clock, log }) };
  };
  const kinds = (relay: RelayStandIn) =>
    relay
      .events()
      .map(({ kind }) => kind)
      .sort((a, b) => a - b);
  const published = (relay: RelayStandIn) =>
    relay.calls.list().filter(({ subject }) => subject.startsWith('EVENT')).length;

  it('is a profile and two relay lists, signed by the robot', async () => {
    const { run, signer } = start();
    await run(signal);
    expect(kinds(outbox)).toEqual([0, 10_002, 10_050]);
    expect(kinds(indexer)).toEqual([10_002, 10_050]);
    const [profile, list, inbox] = outbox.events().sort((a, b) => a.kind - b.kind);
    expect([profile, list, inbox].map((event) => event?.pubkey)).toEqual(Array(3).fill(signer.pubkey));
    expect(JSON.parse(profile?.content ?? '')).toEqual({
      name: 'Caravel',
      about: 'Hosts relays',
      picture: 'https://caravel.example/robot.png',
    });
    expect(list?.tags).toEqual([['r', outbox.url]]);
    expect(inbox?.tags).toEqual([['relay', MESSAGING[0]]]);
  });

  it('is published once a day', async () => {
    const { run, clock } = start();
    await run(signal);
    clock.advance(86_399);
    await run(signal);
    expect(published(outbox)).toBe(3);
    clock.advance(1);
    await run(signal);
    expect(published(outbox)).toBe(6);
    expect(kinds(outbox)).toEqual([0, 10_002, 10_050]);
  });

  it('is tried again with growing pauses until one relay takes it, each event by itself', async () => {
    outbox.faults.set([{ match: 'EVENT', mode: 'fail', times: 5 }]);
    const { run, clock } = start();
    await run(signal); // the indexer takes both lists
    expect(kinds(outbox)).toEqual([]);
    expect(kinds(indexer)).toEqual([10_002, 10_050]);
    clock.advance(4);
    await run(signal);
    expect(published(outbox)).toBe(3);
    clock.advance(1);
    await run(signal); // 5 s after the first failure
    clock.advance(9);
    await run(signal);
    expect(published(outbox)).toBe(4);
    clock.advance(1);
    await run(signal); // 10 s after the second
    clock.advance(20);
    await run(signal);
    expect(kinds(outbox)).toEqual([0]);
    expect(published(outbox)).toBe(6);
  });

  it('is published at the relays that work while others are dead', async () => {
    const { run } = start(['ws://127.0.0.1:9', outbox.url]);
    await run(signal);
    expect(kinds(outbox)).toEqual([0, 10_002, 10_050]);
  });

  it('is there when a relay already has a newer one', async () => {
    const { run, signer, clock } = start();
    const later = unixSeconds(clock.now()) + 60;
    await pool.publish([outbox.url], signer.sign({ kind: 0, created_at: later, tags: [], content: '{}' }));
    await run(signal);
    clock.advance(3600);
    await run(signal);
    expect(published(outbox)).toBe(4);
  });
});
