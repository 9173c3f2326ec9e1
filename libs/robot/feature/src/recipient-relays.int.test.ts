import { manualClock, systemClock, unixSeconds } from '@caravel/domain';
import { generateSecret, messagingRelayListEvent, relayListEvent, relayPool, secretSigner } from '@caravel/nostr';
import type { EventTemplate, RelayPool, Signer } from '@caravel/nostr';
import { startRelay } from '@caravel/stand-ins';
import type { RelayStandIn } from '@caravel/stand-ins';
import { isPublicRelay } from './is-public-relay.js';
import { recipientRelays } from './recipient-relays.js';
import type { RecipientRelaysOptions } from './recipient-relays.js';

const FALLBACK = 'wss://fallback.example';
const INBOX = 'wss://inbox.example';
const nowS = unixSeconds(systemClock.now());
const { signal } = new AbortController();

describe('the relays of a recipient', () => {
  let indexer: RelayStandIn;
  let outbox: RelayStandIn;
  let pool: RelayPool;
  let recipient: Signer;
  const clock = manualClock(nowS);

  beforeAll(async () => {
    indexer = await startRelay();
    outbox = await startRelay();
    pool = relayPool();
  });
  beforeEach(() => {
    recipient = secretSigner(generateSecret());
    indexer.calls.clear();
    outbox.calls.clear();
  });
  afterAll(async () => {
    pool.close();
    await indexer.stop();
    await outbox.stop();
  });

  const finder = (options: Partial<RecipientRelaysOptions> = {}) =>
    recipientRelays({ pool, clock, indexers: [indexer.url], fallback: [FALLBACK], isAllowed: () => true, ...options });
  const publish = async (relay: RelayStandIn, template: EventTemplate): Promise<void> => {
    const [result] = await pool.publish([relay.url], recipient.sign(template));
    expect(result).toMatchObject({ ok: true });
  };
  const marked = (...tags: string[][]): EventTemplate => ({ kind: 10_002, created_at: nowS, tags, content: '' });
  const questions = (relay: RelayStandIn) => relay.calls.list().filter(({ subject }) => subject === 'REQ').length;

  it('are those of 10050, found at the relays that 10002 says they write to', async () => {
    await publish(indexer, marked(['r', outbox.url, 'write'], ['r', 'wss://read.example', 'read']));
    await publish(outbox, messagingRelayListEvent([INBOX, 'wss://inbox2.example/'], nowS));
    await expect(finder()(recipient.pubkey, signal)).resolves.toEqual({
      urls: [INBOX, 'wss://inbox2.example'],
      known: true,
    });
  });

  it('are those of the newest 10050, wherever it is', async () => {
    await publish(indexer, relayListEvent([outbox.url], nowS));
    await publish(indexer, messagingRelayListEvent(['wss://old.example'], nowS - 100));
    await publish(outbox, messagingRelayListEvent([INBOX], nowS));
    await expect(finder()(recipient.pubkey, signal)).resolves.toMatchObject({ urls: [INBOX] });
  });

  it('are the read relays of 10002 when there is no 10050', async () => {
    await publish(
      indexer,
      marked(['r', outbox.url, 'write'], ['r', 'wss://read.example', 'read'], ['r', 'wss://both.example']),
    );
    await expect(finder()(recipient.pubkey, signal)).resolves.toMatchObject({
      urls: ['wss://read.example', 'wss://both.example'],
    });
  });

  it('are ours for a recipient without lists', async () => {
    await expect(finder()(recipient.pubkey, signal)).resolves.toEqual({ urls: [FALLBACK], known: true });
  });

  it('are never addresses that may not be contacted, also not when looking for the list', async () => {
    await publish(indexer, marked(['r', outbox.url, 'write'], ['r', 'ws://10.0.0.1', 'read']));
    await publish(indexer, messagingRelayListEvent(['ws://127.0.0.1:6379'], nowS));
    const isAllowed = (url: string) => url === FALLBACK;
    await expect(finder({ isAllowed })(recipient.pubkey, signal)).resolves.toMatchObject({ urls: [FALLBACK] });
    expect(questions(outbox)).toBe(0);
  });

  it('are at most eight', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `wss://r${n}.example`);
    await publish(indexer, messagingRelayListEvent(many, nowS));
    expect((await finder()(recipient.pubkey, signal)).urls).toEqual(many.slice(0, 8));
  });

  it('are few, each once and none of our network, whatever hundreds a list has', async () => {
    const private_ = Array.from({ length: 8 }, (_, n) => `wss://10.0.0.${n}`);
    const hidden = [
      'wss://localhost',
      'wss://[::1]',
      'wss://0x7f.1',
      'ws://plain.example',
      'http://x.example',
      'nonsense',
      '',
    ];
    const same = ['wss://one.example', 'WSS://ONE.example:443/', 'wss://one.example/#x'];
    const many = Array.from({ length: 900 }, (_, n) => `wss://r${n}.example/${'x'.repeat(80)}`);
    const list = marked(...[...private_, ...hidden, ...same, ...many].map((url) => ['r', url, 'write']));
    await publish(indexer, list);
    await publish(indexer, messagingRelayListEvent([...private_, ...hidden, ...same, ...many], nowS));
    const asked: string[][] = [];
    const query: RelayPool['query'] = (relays, ...rest) => {
      asked.push([...relays]);
      return relays.includes(indexer.url) ? pool.query(relays, ...rest) : Promise.resolve([]);
    };
    const { urls } = await finder({ pool: { query }, isAllowed: isPublicRelay })(recipient.pubkey, signal);
    expect(urls).toEqual(['wss://one.example', ...many.slice(0, 7)]);
    expect(asked).toEqual([[indexer.url], ['wss://one.example', ...many.slice(0, 4)]]);
  });

  it('are remembered, too, when there is none', async () => {
    const find = finder();
    await find(recipient.pubkey, signal);
    clock.advance(299);
    await expect(find(recipient.pubkey, signal)).resolves.toEqual({ urls: [FALLBACK], known: true });
    expect(questions(indexer)).toBe(1);
  });

  it('are found at an indexer that asks who we are first (NIP-42)', async () => {
    const guarded = await startRelay({ policy: { authRequired: true } });
    const asRobot = relayPool({ auth: secretSigner(generateSecret()) });
    await asRobot.publish([guarded.url], recipient.sign(messagingRelayListEvent([INBOX], nowS)));
    const find = finder({ pool: asRobot, indexers: [guarded.url] });
    await expect(find(recipient.pubkey, signal)).resolves.toEqual({ urls: [INBOX], known: true });
    asRobot.close();
    await guarded.stop();
  });

  it('are found although a relay of the recipient’s never answers', async () => {
    await publish(indexer, relayListEvent([outbox.url], nowS));
    await publish(indexer, messagingRelayListEvent([INBOX], nowS));
    outbox.faults.set([{ match: 'REQ', mode: 'hang' }]);
    await expect(finder()(recipient.pubkey, signal)).resolves.toEqual({ urls: [INBOX], known: true });
    outbox.faults.set([]);
  });

  it('are remembered for five minutes, then asked for again', async () => {
    const find = finder();
    await publish(indexer, messagingRelayListEvent([INBOX], nowS));
    await find(recipient.pubkey, signal);
    await publish(indexer, messagingRelayListEvent(['wss://moved.example'], nowS + 1));
    clock.advance(299);
    await expect(find(recipient.pubkey, signal)).resolves.toMatchObject({ urls: [INBOX] });
    expect(questions(indexer)).toBe(1);
    clock.advance(1);
    await expect(find(recipient.pubkey, signal)).resolves.toMatchObject({ urls: ['wss://moved.example'] });
  });

  it('are a guess, and not remembered, while nobody can be asked', async () => {
    const find = finder();
    indexer.faults.set([{ match: 'REQ', mode: 'fail', times: 1 }]);
    await expect(find(recipient.pubkey, signal)).resolves.toEqual({ urls: [FALLBACK], known: false });
    await publish(indexer, messagingRelayListEvent([INBOX], nowS));
    await expect(find(recipient.pubkey, signal)).resolves.toEqual({ urls: [INBOX], known: true });
  });

  it('are found although one of two indexers is dead', async () => {
    await publish(indexer, messagingRelayListEvent([INBOX], nowS));
    const find = finder({ indexers: ['ws://127.0.0.1:9', indexer.url] });
    await expect(find(recipient.pubkey, signal)).resolves.toEqual({ urls: [INBOX], known: true });
  });
});
