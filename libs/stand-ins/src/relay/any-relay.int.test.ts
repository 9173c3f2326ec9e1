import { unixSeconds } from '@caravel/domain';
import { generateSecret, relayPool, secretSigner } from '@caravel/nostr';
import type { NostrEvent, RelayPool, Signer } from '@caravel/nostr';
import { poll } from '../test-support/poll.js';
import { rawClient } from '../test-support/raw-client.js';
import type { RawClient } from '../test-support/raw-client.js';
import { relayUnderTest } from './relay-under-test.js';
import type { RelayUnderTest } from './relay-under-test.js';

const REAL = process.env['RELAY_URL'];
const nowS = () => unixSeconds(new Date());
const event = (signer: Signer, kind: number, parts: Partial<NostrEvent> = {}) =>
  signer.sign({ kind, created_at: nowS(), tags: [], content: '', ...parts });

/** What the robot and the wallets rely on: true of the stand-in and of the relay at RELAY_URL. */
describe(`a relay (${REAL ?? 'stand-in'})`, () => {
  let relay: RelayUnderTest;
  let client: RawClient;
  let pool: RelayPool;
  let alice: Signer;
  let bob: Signer;
  const clients: RawClient[] = [];

  beforeAll(async () => {
    relay = await relayUnderTest(REAL);
  });
  beforeEach(async () => {
    alice = secretSigner(generateSecret());
    bob = secretSigner(generateSecret());
    pool = relayPool({ auth: alice });
    client = await connect();
  });
  afterEach(() => {
    pool.close();
    for (const each of clients.splice(0)) each.close();
  });
  afterAll(() => relay.stop());

  const connect = async (): Promise<RawClient> => {
    const each = await rawClient(relay.url);
    clients.push(each);
    return each;
  };
  /** All events a REQ brings before EOSE. */
  const query = async (...filters: object[]): Promise<NostrEvent[]> => {
    const id = `q${client.received.length}`;
    client.send('REQ', id, ...filters);
    await client.next('EOSE', id);
    client.send('CLOSE', id);
    return client.received.flatMap(([type, sub, found]) =>
      type === 'EVENT' && sub === id ? [found as NostrEvent] : [],
    );
  };
  const publish = async (published: NostrEvent, by = client): Promise<unknown> => {
    by.received.length = 0;
    by.send('EVENT', published);
    return (await by.next('OK', published.id))[2];
  };

  test('keeps an event and gives it back, newest first, up to the limit, then EOSE', async () => {
    const authors = [alice.pubkey];
    const [old, middle, fresh] = [30, 20, 10].map((age) => event(alice, 1, { created_at: nowS() - age }));
    if (!old || !middle || !fresh) throw new Error('three events');
    for (const each of [middle, old, fresh]) expect(await publish(each)).toBe(true);
    expect(await query({ authors })).toEqual([fresh, middle, old]);
    expect(await query({ authors, kinds: [1], limit: 2 })).toEqual([fresh, middle]);
    expect(await query({ authors, since: old.created_at, until: middle.created_at })).toEqual([middle, old]);
    expect(await query({ ids: [old.id, fresh.id] })).toEqual([fresh, old]);
    expect(await query({ authors: [bob.pubkey] })).toEqual([]);
  });

  test('accepts an event that it has, and keeps it once', async () => {
    const once = event(alice, 1);
    expect([await publish(once), await publish(once)]).toEqual([true, true]);
    expect(await query({ ids: [once.id] })).toEqual([once]);
  });

  test('sends a live subscription only what its tag filter names, and nothing after CLOSE', async () => {
    const writer = await connect();
    client.send('REQ', 'live', { kinds: [1], '#p': [alice.pubkey] });
    await client.next('EOSE', 'live');
    await publish(event(bob, 1, { tags: [['p', bob.pubkey]] }), writer);
    const mine = event(bob, 1, { tags: [['p', alice.pubkey]] });
    await publish(mine, writer);
    expect((await client.next('EVENT', 'live'))[2]).toEqual(mine);
    client.send('CLOSE', 'live');
    await query({ ids: [mine.id] }); // answered after the CLOSE before it
    client.received.length = 0;
    await publish(event(bob, 1, { tags: [['p', alice.pubkey]] }), writer);
    await query({ ids: [mine.id] });
    expect(client.received.filter(([type, id]) => type === 'EVENT' && id === 'live')).toEqual([]);
  });

  test.each([
    ['a changed content', { content: 'other' }],
    ['a foreign signature', { sig: '0'.repeat(128) }],
  ])('refuses %s', async (_, change) => {
    const forged = { ...event(alice, 1), ...change };
    expect(await publish(forged)).toBe(false);
    expect(await query({ authors: [alice.pubkey] })).toEqual([]);
  });

  test('keeps of a replaceable kind only the newest, whatever the order of arrival', async () => {
    const [old, fresh] = [event(alice, 10_002, { created_at: nowS() - 9 }), event(alice, 10_002)];
    await publish(fresh);
    await publish(old);
    expect(await query({ kinds: [10_002], authors: [alice.pubkey] })).toEqual([fresh]);
  });

  test('keeps of an addressable kind the newest per d tag', async () => {
    const at = (d: string, age: number) => event(alice, 30_078, { created_at: nowS() - age, tags: [['d', d]] });
    const [a1, a2, b1] = [at('a', 9), at('a', 5), at('b', 7)];
    for (const each of [a1, a2, b1]) await publish(each);
    expect(await query({ kinds: [30_078], authors: [alice.pubkey] })).toEqual([a2, b1]);
  });

  test('delivers an ephemeral event and does not keep it', async () => {
    const writer = await connect();
    client.send('REQ', 'live', { kinds: [23_194], authors: [alice.pubkey] });
    await client.next('EOSE', 'live');
    const request = event(alice, 23_194);
    expect(await publish(request, writer)).toBe(true);
    expect((await client.next('EVENT', 'live'))[2]).toEqual(request);
    expect(await query({ ids: [request.id] })).toEqual([]);
  });

  test('lets an author delete by id and by address, and nobody else', async () => {
    const ours = [event(alice, 1, { created_at: nowS() - 5 }), event(alice, 10_002, { created_at: nowS() - 5 })];
    const foreign = event(bob, 1);
    for (const each of [...ours, foreign]) await publish(each);
    const tags = [...ours, foreign].map(({ id }) => ['e', id]);
    await publish(event(alice, 5, { tags: [...tags, ['a', `10002:${alice.pubkey}:`]] }));
    expect(await query({ kinds: [1, 10_002], authors: [alice.pubkey, bob.pubkey] })).toEqual([foreign]);
  });

  test('gives a gift wrap of days ago to its recipient, stored and live (NIP-42 where it asks)', async () => {
    const wrap = (ageS: number) => event(bob, 1059, { tags: [['p', alice.pubkey]], created_at: nowS() - ageS });
    const [stored, live] = [wrap(86_400), wrap(2 * 86_400 - 1)];
    await publish(stored);
    const filter = { kinds: [1059], '#p': [alice.pubkey] };
    expect(await pool.query([relay.url], [filter])).toEqual([stored]);
    const seen: string[] = [];
    pool.subscribe([relay.url], [filter], ({ id }) => seen.push(id));
    await poll(() => seen.includes(stored.id) || undefined);
    await publish(live);
    await poll(() => seen.includes(live.id) || undefined);
    expect(seen).toEqual([stored.id, live.id]);
  });

  test('is spoken to by our pool: every answer is a result, and nothing is asked twice', async () => {
    const [note, again] = [event(alice, 1), event(alice, 1, { content: 'again' })];
    for (const each of [note, again])
      expect(await pool.publish([relay.url], each)).toMatchObject([{ url: relay.url, ok: true, handed: true }]);
    expect(await pool.publish([relay.url], { ...note, sig: '0'.repeat(128) })).toMatchObject([{ handed: true }]);
    const ends: boolean[] = [];
    const found = await pool.query([relay.url], [{ authors: [alice.pubkey] }], { onRelay: ({ ok }) => ends.push(ok) });
    expect(found.map(({ id }) => id).sort()).toEqual([note.id, again.id].sort());
    expect(ends).toEqual([true]);
  });
});
