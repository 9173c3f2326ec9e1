import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { eventually, queueBackends } from '@caravel/testing';
import { apiClient } from './testing/api.js';
import type { Api } from './testing/api.js';
import { freezableProxy } from './testing/freezable-proxy.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newUser } from './testing/users.js';
import type { User } from './testing/users.js';

const gateways: TestGateway[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0).reverse()) await gateway.close();
}, 20_000);

async function start(env: Record<string, string>): Promise<{ gateway: TestGateway; api: Api }> {
  const gateway = await startTestGateway(env);
  gateways.push(gateway);
  return { gateway, api: apiClient(gateway.url) };
}

/** Two gateways of one deployment. */
async function startTwo(env: Record<string, string>): Promise<{ gateway: TestGateway; apis: [Api, Api] }> {
  const first = await start(env);
  const second = await start({ ...env, DATABASE_URL: first.gateway.database.url('gateway') });
  return { gateway: first.gateway, apis: [first.api, second.api] };
}

const statuses = async (api: Api, as: User, times: number): Promise<number[]> => {
  const answers = await Promise.all(Array.from({ length: times }, () => api('GET /identity', { as })));
  return answers.map(({ status }) => status);
};

describe.each(queueBackends())('rate limits counted in $name', ({ redisUrl }) => {
  const backend: Record<string, string> = redisUrl === undefined ? {} : { REDIS_URL: redisUrl };

  it('hold for all gateways together', async () => {
    const { apis } = await startTwo({ ...backend, RATE_LIMIT_PUBKEY_PER_MINUTE: '50' });
    const [user, other] = [newUser(), newUser()];
    expect(await statuses(apis[0], user, 50)).toEqual(Array<number>(50).fill(200));
    let servedByTheOther = 0;
    await eventually(async () => {
      const { status } = await apis[1]('GET /identity', { as: user });
      if (status === 200) servedByTheOther += 1;
      return status === 429;
    });
    // Not all that it would have served alone.
    expect(servedByTheOther).toBeLessThan(50);
    expect((await apis[1]('GET /identity', { as: other })).status).toBe(200);
  }, 20_000);

  it('by default serve a client far more than it asks for: 30 at once and 120 a minute', async () => {
    const defaults = { ...backend, RATE_LIMIT_PUBKEY_PER_MINUTE: '1200', RATE_LIMIT_IP_PER_MINUTE: '6000' };
    const { api } = await start(defaults);
    const user = newUser();
    const all = [...(await statuses(api, user, 30)), ...(await statuses(api, user, 90))];
    expect(all).toEqual(Array<number>(120).fill(200));
  });
});

it('a store of counts that fails is never an error, and each gateway goes on limiting alone', async () => {
  const { gateway, api } = await start({ RATE_LIMIT_PUBKEY_PER_MINUTE: '5' });
  await gateway.database.query('DROP TABLE rate_count');
  const all = await statuses(api, newUser(), 8);
  expect(all.sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
});

const redis = queueBackends().find(({ name }) => name === 'redis');
(redis ? it : it.skip)('a frozen Redis delays nobody, and each gateway goes on limiting alone', async () => {
  const proxy = await freezableProxy(redis?.redisUrl ?? '');
  const { api } = await start({ REDIS_URL: proxy.url, RATE_LIMIT_PUBKEY_PER_MINUTE: '5' });
  expect((await api('GET /identity', { as: newUser() })).status).toBe(200);
  proxy.freeze();
  const user = newUser();
  const all = await statuses(api, user, 8);
  expect(all.sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  await proxy.close();
});

it('junk signatures are stopped by address before they cost a verification, and so are their bodies', async () => {
  const { gateway, api } = await start({ RATE_LIMIT_IP_PER_MINUTE: '20' });
  const junk = { headers: { authorization: `Nostr ${'A'.repeat(2000)}` } };
  const answers = await Promise.all(Array.from({ length: 30 }, () => api('GET /identity', junk)));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(10);

  // The answer comes although the body never does.
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.write('POST /tenants HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n{');
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(bytes.toString()).toMatch(/^HTTP\/1\.1 429 [^]*Retry-After: \d+/);
  socket.destroy();
});

it('connections of one address are bounded, those of a trusted proxy are not', async () => {
  const open = ({ url }: TestGateway) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    socket.write('GET /plans HTTP/1.1\r\nHost: x\r\n\r\n');
    return socket;
  };
  const answersOf = async (sockets: Socket[]) => {
    const all = await Promise.all(sockets.map(async (socket) => ((await once(socket, 'data')) as [Buffer])[0]));
    for (const socket of sockets) socket.destroy();
    return all.map((bytes) => bytes.toString().slice(9, 12)).sort();
  };
  const { gateway } = await start({ MAX_CONNECTIONS_PER_IP: '3' });
  expect(await answersOf(Array.from({ length: 5 }, () => open(gateway)))).toEqual(['200', '200', '200', '429', '429']);

  const behindProxy = await start({ MAX_CONNECTIONS_PER_IP: '3', TRUSTED_PROXIES: 'loopback' });
  const many = await answersOf(Array.from({ length: 10 }, () => open(behindProxy.gateway)));
  expect(many).toEqual(Array<string>(10).fill('200'));
}, 20_000);

it('caps on relays hold when 50 are created at the same time through two gateways', async () => {
  const { gateway, apis } = await startTwo({ MAX_RELAYS_PER_TENANT: '5', MAX_FREE_RELAYS_PER_TENANT: '2' });
  const user = newUser();
  await apis[0]('POST /tenants', { as: user });
  const createMany = (plan_id: string) =>
    Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const body = { subdomain: `${plan_id}-${n}`, plan_id };
        const answer = await (apis[n % 2] ?? apis[0])('POST /relays', { as: user, body });
        return answer.status === 201 ? 'created' : (answer.body.code ?? '');
      }),
    );
  const count = (outcomes: string[], outcome: string) => outcomes.filter((each) => each === outcome).length;

  const free = await createMany('free');
  expect([count(free, 'created'), count(free, 'relay-limit')]).toEqual([2, 48]);
  const paid = await createMany('basic');
  expect([count(paid, 'created'), count(paid, 'relay-limit')]).toEqual([3, 47]);
  const rows = await gateway.database.query('SELECT FROM relay WHERE tenant_pubkey = $1', [user.pubkey]);
  expect(rows).toHaveLength(5);
}, 30_000);
