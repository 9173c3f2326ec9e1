import { systemClock } from '@caravel/domain';
import { generateSecret } from '@caravel/nostr';
import { tenantLife, walk, worldOf } from '@caravel/sandbox-life';
import type { StepResult } from '@caravel/sandbox-life';
import { findRedis, startRedis } from '@caravel/tools/stack';
import { expectOneLife } from './end-state.js';
import { startTestSandbox } from './test-sandbox.js';
import type { TestSandbox } from './test-sandbox.js';

describe.each(findRedis() ? ['redis', 'postgres'] : ['postgres'])("a tenant's life, queues in %s", (queue) => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let sandbox: TestSandbox | undefined;
  const running = () => {
    if (!sandbox) throw new Error('the sandbox did not start');
    return sandbox;
  };
  beforeAll(async () => {
    if (queue === 'redis') redis = await startRedis();
    sandbox = await startTestSandbox(redis ? { env: { REDIS_URL: redis.url } } : { args: ['--queue', 'postgres'] });
  }, 90_000);
  afterAll(async () => {
    await sandbox?.stop();
    await redis?.stop();
  }, 30_000);

  it('passes every step and ends in one relay, one charge and one message', async () => {
    const world = worldOf(running().state(), systemClock);
    const life = tenantLife(world);
    try {
      const results: StepResult[] = [];
      await walk(life.steps, (result) => results.push(result));
      expect(results.filter(({ ok }) => !ok)).toEqual([]);
      await expectOneLife(running().state(), world, life);
    } finally {
      life.close();
    }
  }, 120_000);

  it('walks further tenants beside the first', async () => {
    const lives = [1, 2, 3].map(() => ({ ...worldOf(running().state(), systemClock), tenantSecret: generateSecret() }));
    await Promise.all(
      lives.map(async (world) => {
        const life = tenantLife(world);
        try {
          const failed: StepResult[] = [];
          await walk(life.steps, (result) => result.ok || failed.push(result));
          expect(failed).toEqual([]);
          await expectOneLife(running().state(), world, life);
        } finally {
          life.close();
        }
      }),
    );
  }, 120_000);

  it('writes no secret into a log and follows one request through the services', () => {
    const logs = running().logs();
    const { adminSecret, tenantSecret, standIns } = running().state();
    const nwcSecret = new URL(standIns['tenantWallet']?.url ?? '').searchParams.get('secret') ?? 'missing';
    for (const secret of [adminSecret, tenantSecret, nwcSecret]) expect(logs).not.toContain(secret);

    const lines = logs
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as { service: string; requestId?: string }] : []));
    const servicesOf = new Map<string, Set<string>>();
    for (const { service, requestId } of lines) {
      if (requestId) servicesOf.set(requestId, (servicesOf.get(requestId) ?? new Set()).add(service));
    }
    const widest = Math.max(...[...servicesOf.values()].map(({ size }) => size));
    expect(widest).toBeGreaterThanOrEqual(3);
  });
});
