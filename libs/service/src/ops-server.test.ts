import { AppError } from '@caravel/domain';
import { createHealth } from './health.js';
import { createMetrics } from './metrics.js';
import { startOpsServer } from './ops-server.js';
import type { OpsServer } from './ops-server.js';

describe('the ops server', () => {
  const metrics = createMetrics('robot-dm');
  let health = createHealth({ checkTimeoutMs: 50 });
  let server: OpsServer;
  beforeEach(async () => {
    health = createHealth({ checkTimeoutMs: 50 });
    server = await startOpsServer({ host: '127.0.0.1', port: 0, health, metrics });
  });
  afterEach(() => server.close());
  const get = async (path: string) => {
    const response = await fetch(server.url + path);
    return { status: response.status, text: await response.text() };
  };

  it('answers that the process is alive in every phase', async () => {
    health.enter('stopping');
    expect(await get('/healthz')).toEqual({ status: 200, text: '{"alive":true}' });
  });

  it('is ready only while running, with every check passing', async () => {
    health.ready('postgres', () => Promise.resolve());
    expect((await get('/readyz')).status).toBe(503);
    health.enter('running');
    expect(JSON.parse((await get('/readyz')).text)).toEqual({
      ready: true,
      phase: 'running',
      checks: { postgres: 'ok' },
    });
    health.enter('stopping');
    expect((await get('/readyz')).status).toBe(503);
  });

  it('says details that decide nothing', async () => {
    health.enter('running');
    health.detail('zooid', () => ({ main: 'open' }));
    const { status, text } = await get('/readyz');
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { ready: true, phase: 'running', checks: {}, details: { zooid: { main: 'open' } } },
    ]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('connection refused'))],
    [
      'throws',
      () => {
        throw new Error('connection refused');
      },
    ],
    ['hangs', () => new Promise(() => undefined)],
  ])('is not ready while a check %s', async (_how, check) => {
    health.enter('running');
    health.ready('postgres', check);
    const { status, text } = await get('/readyz');
    expect(status).toBe(503);
    expect(text).toMatch(/connection refused|did not answer within 50 ms/);
  });

  it('serves metrics with the service as a label, external calls by outcome and counters', async () => {
    const call = { target: 'zooid', operation: 'put' };
    await metrics.observeCall(call, () => Promise.resolve());
    await metrics.observeCall(call, () => Promise.reject(new AppError('not-found', 'x'))).catch(() => undefined);
    await metrics.observeCall(call, () => Promise.reject(new Error('x'))).catch(() => undefined);
    metrics.count('things_total', { kind: 'a' });
    metrics.count('things_total', { kind: 'a' });
    const { text } = await get('/metrics?x=1');
    const outcomes = [...text.matchAll(/external_call_seconds_count{.*outcome="(.*)"} 1/g)].map(
      ([, outcome]) => outcome,
    );
    expect(outcomes).toEqual(['ok', 'not-found', 'error']);
    expect(text).toContain('external_call_seconds_count{service="robot-dm",target="zooid",operation="put"');
    expect(text).toContain('things_total{kind="a",service="robot-dm"} 2');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('knows nothing else', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await fetch(`${server.url}/healthz`, { method: 'POST' })).status).toBe(405);
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startOpsServer({ host: '127.0.0.1', port, health, metrics })).rejects.toThrow(
      `the ops port 127.0.0.1:${port} can't be used: listen EADDRINUSE`,
    );
  });
});
