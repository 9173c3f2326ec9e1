import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { eventually } from '@caravel/testing';
import { bundleMain, startChild } from './testing/child-service.js';
import type { ChildService } from './testing/child-service.js';

/** What to do after the start is told by a variable. */
const main = `
import { field, loadConfig, runService, serviceConfig } from './index.js';

const schema = serviceConfig({ BEHAVIOUR: field('what to do') });
await runService(
  { name: 'child', config: () => loadConfig(schema, process.env), closeEachMs: 300, closeTotalMs: 500 },
  async ({ config, own, log, health }) => {
    health.ready('postgres', () => Promise.resolve());
    own(() => log.info('closed first'));
    own({ close: () => log.info('closed last') });
    const timer = setInterval(() => undefined, 1000);
    own(() => clearInterval(timer));
    if (config.BEHAVIOUR === 'fail') throw new Error('no database');
    if (config.BEHAVIOUR === 'hang at the end') own(() => new Promise(() => undefined));
    if (config.BEHAVIOUR === 'slow start') await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (config.BEHAVIOUR === 'break later') setTimeout(() => { throw new Error('unforeseen'); }, 50);
    if (config.BEHAVIOUR === 'reject later') setTimeout(() => void Promise.reject(new Error('unforeseen')), 50);
  },
);
`;

describe('runService', () => {
  let bundle: Awaited<ReturnType<typeof bundleMain>>;
  let service: ChildService;
  beforeAll(async () => {
    bundle = await bundleMain(main);
  });
  afterEach(() => void service.child.kill('SIGKILL'));
  afterAll(() => bundle.remove());

  const start = (behaviour: string, env: Record<string, string> = {}): ChildService => {
    service = startChild(bundle.file, { BEHAVIOUR: behaviour, OPS_PORT: '0', ...env });
    return service;
  };

  it('is ready once started, closes in reverse order on SIGTERM and exits with 0', async () => {
    const { logged, opsUrl, output, child, exitCode } = start('run');
    await logged('"msg":"started"');
    expect((await fetch(`${await opsUrl()}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exitCode()).toBe(0);
    expect(output().indexOf('closed last')).toBeLessThan(output().indexOf('closed first'));
  });

  it('stops on SIGINT as well', async () => {
    const { logged, child, exitCode } = start('run');
    await logged('"msg":"started"');
    child.kill('SIGINT');
    expect(await exitCode()).toBe(0);
  });

  it('stops when the launcher that holds its ipc channel is gone', async () => {
    const { logged, child, exitCode } = start('run');
    await logged('"msg":"started"');
    child.disconnect();
    expect(await exitCode()).toBe(0);
  });

  it('is alive but not ready while it starts, and a signal then still closes what is open', async () => {
    const { logged, opsUrl, output, child, exitCode } = start('slow start');
    const url = await opsUrl();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    await logged('"msg":"starting"');
    child.kill('SIGTERM');
    expect(await exitCode()).toBe(0);
    expect(output()).toContain('closed first');
    expect(output()).not.toContain('"msg":"started"');
  });

  it('closes what was open and exits with 1 when the start fails, saying why in one line', async () => {
    const { output, exitCode } = start('fail');
    expect(await exitCode()).toBe(1);
    expect(output()).toContain('could not start: no database');
    expect(output()).toContain('closed first');
  });

  it('names every bad variable and exits with 1, without a stack trace', async () => {
    const { output, exitCode } = start('', { OPS_PORT: 'x' });
    expect(await exitCode()).toBe(1);
    expect(output()).toContain('BEHAVIOUR is missing (expected what to do); OPS_PORT is malformed');
    expect(output()).not.toMatch(/\bat .*main\.mjs/);
  });

  it('says that the ops port is taken and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { output, exitCode } = start('run', { OPS_PORT: String(port) });
    expect(await exitCode()).toBe(1);
    expect(output()).toContain(`the ops port 127.0.0.1:${port} can't be used`);
    other.close();
  });

  it.each(['break later', 'reject later'])('closes and exits with 1 after a fatal error (%s)', async (behaviour) => {
    const { output, exitCode } = start(behaviour);
    expect(await exitCode()).toBe(1);
    expect(output()).toContain('unforeseen');
    expect(output()).toContain('closed first');
  });

  it('exits with 1 after its deadline when something does not close', async () => {
    const { logged, child, output, exitCode } = start('hang at the end');
    await logged('"msg":"started"');
    child.kill('SIGTERM');
    expect(await exitCode()).toBe(1);
    expect(output()).toContain('could not be closed');
    expect(output()).toContain('closed first');
  });

  it('exits at once when asked a second time', async () => {
    const { logged, child, exitCode, output } = start('hang at the end');
    await logged('"msg":"started"');
    child.kill('SIGINT');
    await eventually(() => output().includes('"msg":"stopping"'));
    child.kill('SIGINT');
    expect(await exitCode()).toBe(1);
    expect(output()).not.toContain('could not be closed');
  });
});
