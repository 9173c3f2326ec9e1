import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { generateSecret, makeHttpAuth, secretSigner } from '@caravel/nostr';
import { startZooid } from '@caravel/stand-ins';
import type { ZooidStandIn } from '@caravel/stand-ins';
import { createTestDatabase, eventually } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { startLargeRelay } from './large-relay.js';
import type { LargeRelay } from './large-relay.js';
import { startServiceProcess } from '../service-process.js';
import type { ServiceProcess } from '../service-process.js';

/** How much goes through, each way: `TRANSFER_MIB=1024` for the whole of it. */
const MIB = Number(process.env['TRANSFER_MIB'] ?? 50);
const BYTES = MIB * 1024 * 1024;
/** What a service may grow by, whatever goes through it. */
const MAY_GROW_MIB = 64;
const EVENT_BYTES = 8192;
const LIMIT_MS = 60_000 + MIB * 1000;

const SERVER_URL = 'http://transfer.test';
const robot = secretSigner(generateSecret());
const robotSecret = generateSecret();
const owner = secretSigner(generateSecret());
const header = makeHttpAuth({ signer: owner, url: SERVER_URL, nowS: Math.floor(Date.now() / 1000) });

let database: TestDatabase;
let zooid: ZooidStandIn;
let relay: LargeRelay;
let services: Record<'gateway' | 'provisioner', ServiceProcess>;
let url: string;
let relayId: string;
const dir = mkdtempSync(join(tmpdir(), 'transfers-'));

beforeAll(async () => {
  database = await createTestDatabase();
  const whitelist = [secretSigner(robotSecret).pubkey];
  zooid = await startZooid({ dir, whitelist });
  relay = await startLargeRelay(zooid.url, { events: Math.ceil(BYTES / EVENT_BYTES), eventBytes: EVENT_BYTES });
  const provisioner = await startServiceProcess('relay-provisioner', {
    DATABASE_URL: database.url('provisioner'),
    ZOOID_API_URL: zooid.url,
    ZOOID_RELAY_URL: relay.url,
    ROBOT_SECRET: robotSecret,
    TRANSFER_PORT: '0',
    ZOOID_IMPORT_COMMAND: 'wc -c >&2',
    ...Object.fromEntries(['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'].map((name) => [name, 'x'])),
    ...Object.fromEntries(['REGION', 'BUCKET', 'ACCESS_KEY', 'SECRET_KEY'].map((name) => [`BLOSSOM_S3_${name}`, 'x'])),
    LIVEKIT_URL: 'wss://live.example',
    BLOSSOM_S3_ENDPOINT: 'https://s3.example',
  });
  const gateway = await startServiceProcess('api-gateway', {
    DATABASE_URL: database.url('gateway'),
    PROVISIONER_URL: addressIn(provisioner, 'streams events'),
    SERVER_URL,
    SERVER_PORT: '0',
    SERVER_ADMIN_PUBKEYS: robot.pubkey,
    SERVER_ALLOW_ORIGINS: 'https://app.example',
    APP_URL: 'https://app.example',
    RELAY_DOMAIN: 'relays.example',
  });
  services = { gateway, provisioner };
  url = addressIn(gateway, 'listening');
  await api('POST', '/tenants');
  const created = await api('POST', '/relays', { subdomain: 'large', plan_id: 'basic' });
  relayId = created.id ?? '';
  await eventually(async () => (await api('GET', `/relays/${relayId}`)).synced === 1, { timeoutMs: 20_000 });
}, 90_000);
afterAll(async () => {
  await services.gateway.stop();
  await services.provisioner.stop();
  await relay.close();
  await zooid.stop();
  await database.drop();
  rmSync(dir, { recursive: true, force: true });
});

const addressIn = (service: ServiceProcess, words: string): string =>
  new RegExp(`"url":"(http[^"]+)"[^\\n]*"${words}`).exec(service.said())?.[1] ?? '';

async function api(method: string, path: string, body?: object): Promise<{ id?: string; synced?: number }> {
  const headers = { authorization: header };
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return ((await response.json()) as { data: { id?: string; synced?: number } }).data;
}

/** Runs it, and tells by how much each service has grown at most. */
async function growthOf(work: () => Promise<void>): Promise<Record<string, number>> {
  const before = Object.entries(services).map(([name, service]) => [name, service.memoryMib().nowMib] as const);
  const startedAtMs = performance.now();
  await work();
  const growth = before.map(([name, mib]) => [
    name,
    Math.round(services[name as keyof typeof services].memoryMib().mostMib - mib),
  ]);
  const tookS = (performance.now() - startedAtMs) / 1000;
  process.stdout.write(
    `${MIB} MiB in ${tookS.toFixed(1)} s, ${(MIB / tookS).toFixed(0)} MiB/s; grown by MiB: ${JSON.stringify(growth)}\n`,
  );
  return Object.fromEntries(growth) as Record<string, number>;
}

function expectConstant(growth: Record<string, number>): void {
  for (const [name, mib] of Object.entries(growth)) expect([name, mib, mib < MAY_GROW_MIB]).toEqual([name, mib, true]);
}

it(
  `an export of ${MIB} MiB goes through gateway and provisioner in constant memory, complete`,
  async () => {
    let [bytes, lines] = [0, 0];
    const growth = await growthOf(async () => {
      const request = httpRequest(`${url}/relays/${relayId}/export`, { headers: { authorization: header } }).end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        for (const byte of chunk) if (byte === 10) lines += 1;
      }
    });
    expect(lines).toBe(Math.ceil(BYTES / EVENT_BYTES));
    expect(bytes).toBeGreaterThan(BYTES * 0.98);
    expectConstant(growth);
  },
  LIMIT_MS,
);

it(
  `an import of ${MIB} MiB does too`,
  async () => {
    const content = 'x'.repeat(EVENT_BYTES * 4);
    const line = `${JSON.stringify(owner.sign({ kind: 1, created_at: 1_700_000_000, tags: [], content }))}\n`;
    const count = Math.ceil(BYTES / line.length);
    const lines = function* (): Generator<string> {
      for (let n = 0; n < count; n += 1) yield line;
    };
    let answer = '';
    const growth = await growthOf(async () => {
      const headers = { authorization: header, 'content-type': 'application/x-ndjson' };
      const request = httpRequest(`${url}/relays/${relayId}/import`, { method: 'POST', headers });
      const answered = once(request, 'response') as Promise<[IncomingMessage]>;
      await pipeline(Readable.from(lines()), request);
      answer = await text((await answered)[0]);
    });
    expect(JSON.parse(answer)).toEqual({ data: { imported: count, invalid: 0, problems: [] }, code: 'ok' });
    expectConstant(growth);
  },
  LIMIT_MS,
);
