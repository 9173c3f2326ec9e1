import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createTestDatabase, eventually } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import { bundleGateway, startGatewayProcess } from './testing/gateway-process.js';
import { newUser } from './testing/users.js';
import type { User } from './testing/users.js';

let database: TestDatabase;
beforeAll(async () => {
  bundleGateway();
  database = await createTestDatabase();
}, 60_000);
afterAll(() => database.drop());

interface Heard {
  status: number;
  isLast: boolean;
}

/** Creates an account on a kept-alive connection. Rejects when the connection breaks before the answer is complete. */
function createTenant(url: string, { header }: User, agent: Agent): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(`${url}/tenants`, { method: 'POST', agent, headers: { authorization: header } });
    call.on('error', reject);
    call.on('response', (answer) => {
      answer.on('error', reject).resume();
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, isLast: answer.headers.connection === 'close' });
      });
    });
    call.end();
  });
}

/**
 * A client that creates one account after another on one connection. Told that the connection ends it goes on at another
 * address, and so it does where nobody listens; everything else that fails is a lost request.
 */
async function busyClient(urls: () => string[], isDone: () => boolean, answered: Set<string>): Promise<string[]> {
  const lost: string[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let turn = 0;
  while (!isDone()) {
    const user = newUser();
    const url = urls()[turn % urls().length] ?? '';
    try {
      const { status, isLast } = await createTenant(url, user, agent);
      if (status !== 200) lost.push(String(status));
      answered.add(user.pubkey);
      if (isLast) turn += 1;
    } catch (error) {
      turn += 1;
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')) lost.push(String(error));
    }
  }
  agent.destroy();
  return lost;
}

it('a rolling restart under load loses no request: every one that was accepted has its answer and its effect', async () => {
  const [first, second] = [await startGatewayProcess(database), await startGatewayProcess(database)];
  const answered = new Set<string>();
  let isDone = false;
  const clients = Array.from({ length: 20 }, (_, n) => {
    const urls = n % 2 === 0 ? [first.url, second.url] : [second.url, first.url];
    return busyClient(
      () => urls,
      () => isDone,
      answered,
    );
  });
  const soMany = (more: number) => {
    const goal = answered.size + more;
    return eventually(() => answered.size >= goal, { timeoutMs: 30_000 });
  };
  await soMany(100);
  first.terminate();
  expect(await first.exited).toBe(0);
  await soMany(100);
  isDone = true;
  expect((await Promise.all(clients)).flat()).toEqual([]);

  const rows = await database.query<{ pubkey: string }>('SELECT pubkey FROM tenant');
  expect(new Set(rows.map(({ pubkey }) => pubkey))).toEqual(answered);
  second.terminate();
  expect(await second.exited).toBe(0);
}, 90_000);

it('ends in its time with clients that hang in every way, and answers those that wait', async () => {
  const gateway = await startGatewayProcess(database);
  const user = newUser();
  const api = apiClient(gateway.url);
  await api('POST /tenants', { as: user });
  const hanging = [
    '',
    'GET /plans HTTP/1.1\r\nHost',
    'POST /tenants HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
    'GET /plans HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2000),
  ].map((says) => hangingClient(gateway.url, says));
  await Promise.all(hanging.map((socket) => once(socket, 'connect')));
  // Nobody answers for billing: this one waits for 4 s before it gets the stored row.
  const waiting = api(`POST /tenants/${user.pubkey}/reconcile`, { as: user });
  await eventually(async () => {
    const [row] = await database.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM bullmq.job WHERE to_jsonb(job)::text LIKE '%tenant-reconcile%'",
    );
    return (row?.count ?? 0) > 0;
  });
  gateway.terminate();
  const { status, headers } = await waiting;
  expect([status, headers.get('connection')]).toEqual([200, 'close']);
  expect(await gateway.exited).toBe(0);
  for (const socket of hanging) socket.destroy();
}, 60_000);

/** Says this, never reads what it is told and never hangs up. */
function hangingClient(url: string, says: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  socket.on('error', () => undefined);
  socket.write(says);
  return socket;
}
