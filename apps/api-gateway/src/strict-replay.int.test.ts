import { once } from 'node:events';
import { connect } from 'node:net';
import { systemClock, unixSeconds } from '@caravel/domain';
import { makeHttpAuth } from '@caravel/nostr';
import { createTestDatabase, queueBackends } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import { bundleGateway, startGatewayProcess } from './testing/gateway-process.js';
import type { GatewayProcess } from './testing/gateway-process.js';
import { newUser, SERVER_URL } from './testing/users.js';

const { signer } = newUser();
const redisUrl = queueBackends().find(({ name }) => name === 'redis')?.redisUrl;
let database: TestDatabase;
const running: GatewayProcess[] = [];

beforeAll(async () => {
  bundleGateway();
  database = await createTestDatabase();
}, 60_000);
afterAll(async () => {
  await Promise.all(running.map(stop));
  await database.drop();
});

async function start(): Promise<GatewayProcess> {
  const env = { NIP98_MODE: 'strict', ...(redisUrl !== undefined && { REDIS_URL: redisUrl }) };
  const gateway = await startGatewayProcess(database, env);
  running.push(gateway);
  return gateway;
}

async function stop({ terminate, exited }: GatewayProcess): Promise<void> {
  terminate();
  await exited;
}

let signed = 0;
/** A header nobody used yet. */
function once98(): string {
  const url = `${SERVER_URL}/identity?n=${++signed}`;
  return makeHttpAuth({ signer, url, nowS: unixSeconds(systemClock.now()), method: 'GET' });
}

const ask = async ({ url }: GatewayProcess, authorization: string): Promise<number> =>
  (await apiClient(url)(`GET /identity?n=${signed}`, { headers: { authorization } })).status;

/** Everything this file's Redis database holds; each test file has one. */
async function wipeRedis(): Promise<void> {
  const { hostname, port, pathname } = new URL(redisUrl ?? '');
  const socket = connect({ host: hostname, port: Number(port) });
  socket.end(`SELECT ${pathname.slice(1)}\r\nFLUSHDB\r\nQUIT\r\n`);
  let answer = '';
  socket.on('data', (data) => (answer += data.toString()));
  await once(socket, 'close');
  expect(answer).toBe('+OK\r\n'.repeat(3));
}

it('a strict header is taken once by all gateways together, also after restarts and an emptied Redis', async () => {
  const [first, second] = [await start(), await start()];
  const header = once98();
  expect(await ask(first, header)).toBe(200);
  expect([await ask(second, header), await ask(first, header)]).toEqual([401, 401]);

  await stop(first);
  const restarted = await start();
  expect(await ask(restarted, header)).toBe(401);

  if (redisUrl === undefined) process.stderr.write('SKIPPED: emptying Redis (there is none here)\n');
  else await wipeRedis();
  expect([await ask(restarted, header), await ask(second, header)]).toEqual([401, 401]);

  const raced = once98();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(i % 2 ? restarted : second, raced)));
  expect(answers.sort()).toEqual([200, ...Array<number>(19).fill(401)]);
}, 60_000);
