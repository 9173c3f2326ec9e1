import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecret, secretSigner } from '@caravel/nostr';
import type { NostrEvent } from '@caravel/nostr';
import { systemClock } from '@caravel/domain';
import { startZooid } from '@caravel/stand-ins';
import type { ZooidStandIn } from '@caravel/stand-ins';
import { exportRelay } from './export-relay.js';
import type { ExportRelayOptions } from './export-relay.js';

const [secret, owner, stranger] = [generateSecret(), secretSigner(generateSecret()), secretSigner(generateSecret())];
const self = secretSigner(secret);
const host = 'team.relays.localhost';

let dir: string;
let zooid: ZooidStandIn;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'zooid-'));
  zooid = await startZooid({ dir, whitelist: [] });
});
beforeEach(() => {
  zooid.restartEmpty();
  zooid.faults.set([]);
  zooid.calls.clear();
});
afterAll(async () => {
  await zooid.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A relay that has these events, as if they had been published over the years. */
function serve(events: readonly NostrEvent[], changes: object = {}): void {
  for (const folder of ['config', 'events']) mkdirSync(join(dir, folder), { recursive: true });
  const config = { host, schema: 'r_team', secret, info: { pubkey: owner.pubkey }, policy: {}, ...changes };
  writeFileSync(join(dir, 'config', 'team.json'), JSON.stringify(config));
  writeFileSync(join(dir, 'events', 'r_team.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  zooid.restart();
}
const post = (created_at: number, changes: Partial<NostrEvent> = {}) =>
  owner.sign({ kind: 1, tags: [], content: `at ${created_at}`, ...changes, created_at });

async function idsOf(changes: Partial<ExportRelayOptions> = {}): Promise<string[]> {
  const ids: string[] = [];
  const { signal } = new AbortController();
  const options = { url: zooid.url, host, signer: self, clock: systemClock, signal, ...changes };
  for await (const { id } of exportRelay(options)) ids.push(id);
  return ids;
}
const first = async (options: Partial<ExportRelayOptions>) => {
  const ids: string[] = [];
  const all = exportRelay({ url: zooid.url, host, signer: self, clock: systemClock, signal: never, ...options });
  for await (const { id } of all) {
    ids.push(id);
    break;
  }
  return ids;
};
const never = new AbortController().signal;

it('gives every event once, over many pages of the relay and with hundreds in one second', async () => {
  const sparse = Array.from({ length: 700 }, (_, index) => post(1_600_000_000 + index * 1000));
  const crowded = Array.from({ length: 700 }, (_, index) =>
    post(1_650_000_000, { kind: index % 3 ? 1 : 9, content: String(index) }),
  );
  serve([...sparse, ...crowded]);
  const authors = [owner.pubkey];
  const unsure: unknown[] = [];
  const ids = await idsOf({ authors, onUnsure: (second) => unsure.push(second) });
  expect(ids.sort()).toEqual([...sparse, ...crowded].map(({ id }) => id).sort());
});

it('reads what only members may read, and not what is meant for one of them', async () => {
  const wrap = secretSigner(generateSecret()).sign({
    kind: 1059,
    created_at: 1_700_000_000,
    tags: [['p', owner.pubkey]],
    content: 'sealed',
  });
  const open = post(1_700_000_001);
  serve([wrap, open]);
  expect(await idsOf()).toEqual([open.id]);
});

it('signs in before it reads, also where anybody may read', async () => {
  serve([post(1_700_000_000)], { policy: { public_read: true } });
  await idsOf();
  const said = zooid.calls.list().map(({ subject }) => subject.split(' ').at(-1));
  expect(said.slice(0, 3)).toEqual(['CONNECT', 'AUTH', 'REQ']);
});

it('leaves no connection behind when it is left in the middle', async () => {
  serve([post(1_700_000_000), post(1_700_000_001)]);
  expect(await first({})).toHaveLength(1);
});

it('goes on over another connection when one is lost, without loss or double', async () => {
  const events = Array.from({ length: 1200 }, (_, index) => post(1_700_000_000 + index));
  serve(events);
  const ids: string[] = [];
  const all = exportRelay({ url: zooid.url, host, signer: self, clock: systemClock, signal: never });
  for await (const { id } of all) {
    if (ids.push(id) % 400 === 0) zooid.restart();
  }
  expect(ids.sort()).toEqual(events.map(({ id }) => id).sort());
});

it('fails, instead of ending early, when the relay breaks off', async () => {
  serve(Array.from({ length: 10 }, (_, index) => post(1_700_000_000 + index)));
  zooid.faults.set([{ match: `${host} REQ`, mode: 'drop-answer', times: 1 }]);
  await expect(idsOf({ silenceMs: 300 })).rejects.toMatchObject({ code: 'service-unavailable' });
  zooid.faults.set([{ match: `${host} REQ`, mode: 'fail', times: 1 }]);
  await expect(idsOf()).rejects.toMatchObject({ detail: 'error: told to fail' });
});

it('fails in words when nobody is there, no such relay is served, or the key is not accepted', async () => {
  serve([]);
  const words = { code: 'service-unavailable' };
  await expect(idsOf({ url: 'http://127.0.0.1:9' })).rejects.toMatchObject(words);
  await expect(idsOf({ host: 'other.relays.localhost' })).rejects.toMatchObject(words);
  await expect(idsOf({ signer: stranger })).rejects.toMatchObject({ detail: expect.stringContaining('restricted') });
});

it('ends with the reason it was given', async () => {
  serve([post(1_700_000_000)]);
  await expect(idsOf({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  zooid.faults.set([{ match: `${host} REQ`, mode: 'hang', times: 1 }]);
  await expect(idsOf({ signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
});
