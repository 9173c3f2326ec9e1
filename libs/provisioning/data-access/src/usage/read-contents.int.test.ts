import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, unixSeconds } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import type { NostrEvent } from '@caravel/nostr';
import { startRelay, startZooid } from '@caravel/stand-ins';
import type { RelayStandIn, ZooidStandIn } from '@caravel/stand-ins';
import { readContents } from './read-contents.js';

const secret = generateSecret();
const [self, owner] = [secretSigner(secret), secretSigner(generateSecret())];
const nowS = unixSeconds(systemClock.now());
const signal = new AbortController().signal;
const post = (agoS: number, by = owner): NostrEvent =>
  by.sign({ kind: 1, tags: [], content: `${agoS} s ago`, created_at: nowS - agoS });
const asking = { signer: self, clock: systemClock, signal, countPatienceMs: 50 };

describe('a relay that counts (NIP-45)', () => {
  let relay: RelayStandIn;
  const start = async (events: readonly NostrEvent[]) => (relay = await startRelay({ events }));
  const ask = () => readContents({ ...asking, url: relay.url, host: new URL(relay.url).host });
  afterEach(() => relay.stop());

  it('says how many events it has, and which is the newest', async () => {
    const newest = post(1);
    await start([post(300), newest, post(200)]);
    expect(await ask()).toEqual({ events: 3n, newestEvent: newest.id, bytes: null });
    expect(relay.calls.list().filter(({ subject }) => subject === 'REQ')).toHaveLength(1);
  });

  it('has no newest event while there is none but its own', async () => {
    await start([post(5, self)]);
    expect(await ask()).toEqual({ events: 1n, newestEvent: '', bytes: null });
  });

  it('that says nothing when it is asked to count is not waited for', async () => {
    const newest = post(1);
    await start([newest]);
    relay.faults.set([{ match: 'COUNT', mode: 'hang', times: 1 }]);
    expect(await ask()).toEqual({ events: null, newestEvent: newest.id, bytes: null });
  });
});

describe('zooid, which does not count', () => {
  const host = 'team.relays.localhost';
  let dir: string;
  let zooid: ZooidStandIn;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'zooid-'));
    for (const folder of ['config', 'events']) mkdirSync(join(dir, folder), { recursive: true });
    const config = { host, schema: 'r_team', secret, info: { pubkey: owner.pubkey }, policy: {} };
    writeFileSync(join(dir, 'config', 'team.json'), JSON.stringify(config));
    zooid = await startZooid({ dir, whitelist: [] });
  });
  afterAll(async () => {
    await zooid.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const serve = (events: readonly NostrEvent[]) => {
    writeFileSync(join(dir, 'events', 'r_team.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    zooid.restart();
  };
  const ask = (hasFiles = false) => readContents({ ...asking, url: zooid.url, host, hasFiles });
  /** What zooid keeps of a file: nobody has signed it. */
  const fileEntry = (agoS: number, hash: string, size: string): NostrEvent => {
    const tags = [
      ['x', hash],
      ['type', 'image/png'],
      ['size', size],
    ];
    const { id, pubkey } = post(agoS);
    return { id, pubkey, kind: 24_242, created_at: nowS - agoS, tags, content: '', sig: '0'.repeat(128) };
  };

  it('is read, as its own key, while that takes little', async () => {
    const newest = post(1);
    serve([...Array.from({ length: 600 }, (_, i) => post(10 + i)), newest]);
    expect(await ask()).toEqual({ events: 601n, newestEvent: newest.id, bytes: null });
  });

  it('tells no number when it has too many to be read', async () => {
    serve(Array.from({ length: 1100 }, (_, i) => post(10 + i)));
    expect(await ask()).toMatchObject({ events: null });
  });

  it('tells what its files take, each file once, whoever uploaded it', async () => {
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    serve([
      fileEntry(5, a, '1000'),
      fileEntry(6, b, '24'),
      fileEntry(7, a, '1000'),
      fileEntry(8, 'c', 'many'),
      post(9),
    ]);
    expect(await ask(true)).toMatchObject({ events: 5n, bytes: 1024n });
    serve([post(9)]);
    expect(await ask(true)).toMatchObject({ events: 1n, bytes: 0n });
  });

  it('that can’t be read is no empty relay', async () => {
    const stranger = { ...asking, signer: owner, url: zooid.url, host: 'nobody.relays.localhost' };
    await expect(readContents(stranger)).rejects.toThrow();
  });
});
