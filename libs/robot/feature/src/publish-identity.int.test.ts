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

  const start = ({
    signer = secretSigner(generateSecret()),
    clock = manualClock(unixSeconds(systemClock.now()) - 3 * 86_400),
    outboxRelays = [outbox.url],
    messagingRelays = MESSAGING,
  } = {}) => {
    const about = { name: 'Caravel', description: 'Hosts relays', picture: 'https://caravel.example/robot.png' };
    const identity = { ...about, outboxRelays, indexerRelays: [indexer.url], messagingRelays };
    return { signer, clock, run: publishIdentity(identity, { pool, signer, clock, log }) };
  };
  const kinds = (relay: RelayStandIn) =>
    relay
      .events()
      .map(({ kind }) => kind)
      .sort((a, b) => a - b);
  const published = (relay: RelayStandIn) =>
    relay.calls.list().filter(({ subject }) => subject.startsWith('EVENT')).length;
  const asked = (relay: RelayStandIn) => relay.calls.list().filter(({ subject }) => subject === 'REQ').length;
  const byKind = (relay: Pick<RelayStandIn, 'events'>) => relay.events().sort((a, b) => a.kind - b.kind);

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

  it('is looked for once a day, and not published where it is', async () => {
    const { run, clock } = start();
    await run(signal);
    clock.advance(86_399);
    await run(signal);
    expect(asked(outbox)).toBe(3);
    clock.advance(1);
    await run(signal);
    expect(asked(outbox)).toBe(6);
    expect(published(outbox)).toBe(3);
    expect(published(indexer)).toBe(2);
  });

  it('is published again, as it was signed, where it was lost', async () => {
    const { run, clock } = start();
    await run(signal);
    const before = outbox.events();
    await outbox.stop();
    outbox = await startRelay({ at: { port: Number(new URL(outbox.url).port) } });
    clock.advance(86_400);
    await run(signal);
    expect(byKind(outbox)).toEqual(byKind({ events: () => before }));
    expect(published(indexer)).toBe(2);
  });

  it('is not made anew by a restart, also when only one relay still has it', async () => {
    const { run, signer, clock } = start();
    await run(signal);
    const before = outbox.events();
    await indexer.stop();
    indexer = await startRelay({ at: { port: Number(new URL(indexer.url).port) } });
    clock.advance(3600);
    await start({ signer, clock }).run(signal);
    expect(published(outbox)).toBe(3);
    expect(byKind(indexer)).toEqual(byKind({ events: () => before }).slice(1));
  });

  it('is replaced when the configuration has changed', async () => {
    const { run, signer, clock } = start();
    await run(signal);
    const messagingRelays = ['wss://moved.example'];
    await start({ signer, clock, messagingRelays }).run(signal);
    for (const relay of [outbox, indexer]) {
      const list = byKind(relay).find(({ kind }) => kind === 10_050);
      expect(list?.tags).toEqual([['relay', messagingRelays[0]]]);
    }
    expect(published(outbox)).toBe(4);
  });

  it('reads and writes at relays that ask who we are first (NIP-42)', async () => {
    await outbox.stop();
    outbox = await startRelay({ at: { port: Number(new URL(outbox.url).port) }, policy: { authRequired: true } });
    const signer = secretSigner(generateSecret());
    pool.close();
    pool = relayPool({ auth: signer });
    await start({ signer }).run(signal);
    expect(kinds(outbox)).toEqual([0, 10_002, 10_050]);
    await start({ signer }).run(signal);
    expect(published(outbox)).toBe(3);
    expect(byKind(outbox).slice(1)).toEqual(byKind(indexer));
  });

  it('is tried again with growing pauses where it could not be published, each event and relay by itself', async () => {
    outbox.faults.set([{ match: 'EVENT', mode: 'fail', times: 5 }]);
    const { run, clock } = start();
    await run(signal); // the indexer takes both lists
    expect(kinds(outbox)).toEqual([]);
    expect(kinds(indexer)).toEqual([10_002, 10_050]);
    clock.advance(4);
    await run(signal);
    expect(published(outbox)).toBe(3);
    clock.advance(1);
    await run(signal); // 5 s after the first failure one of three is taken
    expect(published(outbox)).toBe(6);
    expect(kinds(outbox)).toHaveLength(1);
    clock.advance(9);
    await run(signal);
    expect(published(outbox)).toBe(6);
    clock.advance(1);
    await run(signal); // 10 s after the second
    expect(kinds(outbox)).toEqual([0, 10_002, 10_050]);
    expect(published(outbox)).toBe(8);
    expect(published(indexer)).toBe(2);
  });

  it('is published at the relays that work while others are dead', async () => {
    const { run } = start({ outboxRelays: ['ws://127.0.0.1:9', outbox.url] });
    await run(signal);
    expect(kinds(outbox)).toEqual([0, 10_002, 10_050]);
  });

  it('outdates another one, even one that is dated later', async () => {
    const { run, signer, clock } = start();
    const later = unixSeconds(clock.now()) + 60;
    await pool.publish([outbox.url], signer.sign({ kind: 0, created_at: later, tags: [], content: '{}' }));
    await run(signal);
    expect(byKind(outbox)[0]).toMatchObject({
      kind: 0,
      created_at: later + 1,
      content: expect.stringContaining('Caravel'),
    });
    clock.advance(3600);
    await run(signal);
    expect(published(outbox)).toBe(4);
  });
});
