import { systemClock, unixSeconds } from '@caravel/domain';
import { makeHttpAuth } from '@caravel/nostr';
import { apiClient } from './testing/api.js';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';
import { newUser, SERVER_URL } from './testing/users.js';

describe('NIP98_MODE=strict', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ NIP98_MODE: 'strict' });
  });
  afterAll(() => gateway.close());

  const user = newUser();
  const signed = (method: string, path: string, body?: string) =>
    makeHttpAuth({ signer: user.signer, url: SERVER_URL + path, nowS: unixSeconds(systemClock.now()), method, body });

  it('takes every event once, whoever repeats it', async () => {
    const api = apiClient(gateway.url);
    const headers = { authorization: signed('GET', '/identity?x=1') };
    const answers = await Promise.all(Array.from({ length: 5 }, () => api('GET /identity?x=1', { headers })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  });

  it('binds the body and shuts session headers out', async () => {
    const api = apiClient(gateway.url);
    const body = '{"return_url":"https://app.example/"}';
    const post = (sent: string) =>
      api('POST /tenants', { body: sent, headers: { authorization: signed('POST', '/tenants', body) } });
    expect((await post(body)).status).toBe(200);
    expect((await post(`${body} `)).status).toBe(401);
    expect((await api('GET /identity', { as: user })).status).toBe(401);
  });
});

describe('NIP98_MAX_AGE_S', () => {
  it('bounds the age of a session', async () => {
    const gateway = await startTestGateway({ NIP98_MAX_AGE_S: '660' });
    const { signer } = newUser();
    const ask = (ageS: number) => {
      const nowS = unixSeconds(systemClock.now()) - ageS;
      const authorization = makeHttpAuth({ signer, url: SERVER_URL, nowS });
      return apiClient(gateway.url)('GET /identity', { headers: { authorization } });
    };
    expect((await ask(600)).status).toBe(200);
    expect((await ask(700)).status).toBe(401);
    await gateway.close();
  });
});
