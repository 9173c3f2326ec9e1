import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { relayHost, unixSeconds } from '@caravel/domain';
import type { Id, Relay } from '@caravel/domain';
import { generateSecret, secretSigner } from '@caravel/nostr';
import { openDatabase, transferTickets } from '@caravel/platform-data-access';
import type { Database, TransferDirection } from '@caravel/platform-data-access';
import { relaySecretBox } from '@caravel/provisioning-data-access';
import { oneZooid } from '@caravel/provisioning-feature';
import { createMetrics } from '@caravel/service';
import type { Closable, Own } from '@caravel/service';
import { eventually } from '@caravel/testing';
import { startTransfers } from './start-transfers.js';
import type { TransferConfig } from './start-transfers.js';
import { startWorld, ZOOID_SECRET } from './testing/provisioner-world.js';
import type { World } from './testing/provisioner-world.js';

let world: World;
let dir: string;
const databases: Database[] = [];
beforeAll(async () => {
  world = await startWorld();
  dir = mkdtempSync(join(tmpdir(), 'transfers-'));
});
beforeEach(() => {
  world.zooid.faults.set([]);
  world.zooid.calls.clear();
});
afterAll(async () => {
  await Promise.all(databases.map((db) => db.close()));
  await world.stop();
  rmSync(dir, { recursive: true, force: true });
});

function open(role: 'gateway' | 'provisioner') {
  const db = openDatabase(world.database.url(role), { max: 2 });
  databases.push(db);
  return db.client;
}

/** The provisioner's streams, as its main makes them. */
async function start(command?: string) {
  const owned: Closable[] = [];
  const own: Own = (thing) => {
    owned.push(thing);
    return thing;
  };
  const config: TransferConfig = { TRANSFER_HOST: '127.0.0.1', TRANSFER_PORT: 0, ZOOID_IMPORT_COMMAND: command };
  const { clock, log } = world;
  const parts = { clock, log, own, metrics: createMetrics('test'), secretBox: relaySecretBox(ZOOID_SECRET) };
  const zooids = oneZooid(world.client, world.zooid.url);
  const { syncs } = world.provisioner();
  const server = await startTransfers(config, { ...parts, client: open('provisioner'), syncs, zooids });
  const tickets = transferTickets(open('gateway'));
  return {
    ask: async (direction: TransferDirection, relayId: Id, ticket?: string): Promise<ClientRequest> => {
      const bearer = ticket ?? (await tickets.issue(relayId, direction));
      const headers = { authorization: `Bearer ${bearer}`, ...(direction === 'import' && { expect: '100-continue' }) };
      const request = httpRequest(`${server.url}/${direction}`, { method: 'POST', headers, agent: false });
      request.on('error', () => undefined).flushHeaders();
      return request;
    },
    close: async () => {
      for (const thing of owned.reverse())
        await (typeof thing === 'function' ? thing() : 'close' in thing && thing.close());
    },
  };
}
type Transfers = Awaited<ReturnType<typeof start>>;

async function answerOf(request: ClientRequest): Promise<{ status: number; body: string }> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}
async function exported(transfers: Transfers, relay: Relay, ticket?: string) {
  const request = await transfers.ask('export', relay.id, ticket);
  request.end();
  return answerOf(request);
}
async function imported(transfers: Transfers, relay: Relay, lines: string) {
  const request = await transfers.ask('import', relay.id);
  const answered = answerOf(request);
  await Promise.race([once(request, 'continue'), answered]);
  request.end(lines);
  return answered;
}
async function syncedRelay(): Promise<Relay> {
  const relay = await world.createRelay();
  await world.provisioner().sync(relay.id);
  return relay;
}
const linesOf = (count: number) => {
  const signer = secretSigner(generateSecret());
  const created_at = unixSeconds(world.clock.now());
  return Array.from({ length: count }, (_, i) => signer.sign({ kind: 1, created_at, tags: [], content: String(i) }))
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
};

describe('an export', () => {
  let transfers: Transfers;
  beforeAll(async () => (transfers = await start()));
  afterAll(() => transfers.close());

  it('is what the relay shows its own key, one event a line', async () => {
    const relay = await syncedRelay();
    world.zooid.setMembers(relay.id, [relay.tenantPubkey]);
    const { status, body } = await exported(transfers, relay);
    const kinds = body
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { kind: number }).kind]));
    expect([status, kinds]).toEqual([200, [13_534]]);
  });

  it('of a relay that no zooid has heard of is empty', async () => {
    expect(await exported(transfers, await world.createRelay())).toEqual({ status: 200, body: '' });
  });

  it('needs a ticket, which is good once and in one direction', async () => {
    const relay = await syncedRelay();
    const tickets = transferTickets(open('gateway'));
    const ticket = await tickets.issue(relay.id, 'export');
    expect((await exported(transfers, relay, ticket)).status).toBe(200);
    for (const bad of [ticket, await tickets.issue(relay.id, 'import'), 'x']) {
      expect((await exported(transfers, relay, bad)).status).toBe(401);
    }
  });

  it('says in words when zooid does not serve the relay', async () => {
    const relay = await syncedRelay();
    world.zooid.faults.set([{ match: `${relayHost(relay)} CONNECT`, mode: 'fail' }]);
    const { status, body } = await exported(transfers, relay);
    expect([status, JSON.parse(body)]).toEqual([
      503,
      { error: expect.stringMatching(/^The relay .+\.$/), code: 'service-unavailable' },
    ]);
  });

  it('runs once at a time for a relay, and ends when nobody listens any more', async () => {
    const relay = await syncedRelay();
    world.zooid.faults.set([{ match: `${relayHost(relay)} REQ`, mode: 'hang', times: 1 }]);
    const request = await transfers.ask('export', relay.id);
    request.end();
    await eventually(() => world.zooid.calls.list().some(({ subject }) => subject.endsWith(' REQ')));
    expect(await exported(transfers, relay)).toMatchObject({ status: 503, body: expect.stringContaining('under way') });
    request.destroy();
    await eventually(async () => (await exported(transfers, relay)).status === 200);
  });
});

describe('an import', () => {
  it("feeds the operator's command with the relay's events and tells what became of them", async () => {
    const file = join(dir, 'events');
    const transfers = await start(`cat >'${file}'; echo "$RELAY_ID $ZOOID_INSTANCE" >'${file}.names'`);
    const relay = await syncedRelay();
    const lines = linesOf(50);
    const { status, body } = await imported(transfers, relay, `${lines}nonsense\n`);
    expect([status, JSON.parse(body)]).toEqual([
      200,
      { imported: 50, invalid: 1, problems: [{ line: 51, event_id: '', message: 'this is not JSON' }] },
    ]);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(51);
    expect(readFileSync(`${file}.names`, 'utf8')).toBe(`${relay.id} main\n`);
    await transfers.close();
  });

  it('is refused before anything is sent where the operator has set up no command', async () => {
    const transfers = await start();
    const relay = await syncedRelay();
    const request = await transfers.ask('import', relay.id);
    let mayContinue = false;
    request.on('continue', () => (mayContinue = true));
    const { status, body } = await answerOf(request);
    expect([status, body, mayContinue]).toEqual([503, expect.stringContaining('has not set up'), false]);
    request.destroy();
    await transfers.close();
  });

  it('is broken off, and its program ended, when the service stops', async () => {
    const mark = join(dir, 'finished');
    const transfers = await start(`cat >/dev/null && touch '${mark}'`);
    const request = await transfers.ask('import', (await syncedRelay()).id);
    await once(request, 'continue');
    request.write(linesOf(1));
    const closed = once(request, 'close');
    await transfers.close();
    await closed;
    expect(() => readFileSync(mark)).toThrow();
  });
});
