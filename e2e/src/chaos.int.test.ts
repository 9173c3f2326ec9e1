import { spawnSync } from 'node:child_process';
import { systemClock } from '@caravel/domain';
import { generateSecret } from '@caravel/nostr';
import { SERVICES, tenantLife, walk, worldOf } from '@caravel/sandbox-life';
import type { LifeWorld, StepResult } from '@caravel/sandbox-life';
import { findRedis, startRedis } from '@caravel/tools/stack';
import pg from 'pg';
import { expectOneLife } from './end-state.js';
import { startTestSandbox } from './test-sandbox.js';
import type { TestSandbox } from './test-sandbox.js';

const AFTER_EACH_STEP = ['create the tenant', 'create a paid relay', 'relay provisioned', 'first invoice cut'];

// `npm test` says so where there is no Redis; .ci/run installs it.
const withRedis = findRedis() ? it : it.skip;

describe('the life survives', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let started: TestSandbox | undefined;
  const sandbox = () => {
    if (!started) throw new Error('the sandbox did not start');
    return started;
  };
  beforeAll(async () => {
    redis = await startRedis();
    started = await startTestSandbox(redis ? { env: { REDIS_URL: redis.url } } : {});
  }, 90_000);
  afterAll(async () => {
    await started?.stop();
    await redis?.stop();
  }, 30_000);

  /** A new tenant's life, with something broken between the steps; the end must be the same. */
  async function live(
    between: (title: string) => Promise<void>,
    before: (world: LifeWorld) => Promise<void> = () => Promise.resolve(),
  ) {
    const world = { ...worldOf(sandbox().state(), systemClock), tenantSecret: generateSecret(), patienceMs: 90_000 };
    const life = tenantLife(world);
    try {
      await before(world);
      const failed: StepResult[] = [];
      await walk(life.steps, (result) => result.ok || failed.push(result), between);
      expect(failed).toEqual([]);
      await expectOneLife(sandbox().state(), world, life);
    } finally {
      life.close();
    }
  }

  it.each(SERVICES)(
    'SIGKILL of %s after the relay was asked for',
    async (service) => {
      await live(async (title) => {
        if (title === 'create a paid relay') await sandbox().killService(service);
      });
    },
    120_000,
  );

  it('SIGKILL of every service, one after the other, in the middle', async () => {
    await live(async (title) => {
      const service = SERVICES[AFTER_EACH_STEP.indexOf(title)];
      if (service) await sandbox().killService(service);
    });
  }, 180_000);

  withRedis(
    'a Redis that is emptied in the middle',
    async () => {
      if (!redis) throw new Error('Redis did not start');
      const { port } = redis;
      await live((title) => {
        if (title === 'create a paid relay' || title === 'relay provisioned') {
          expect(spawnSync('redis-cli', ['-p', String(port), 'FLUSHALL'], { encoding: 'utf8' }).stdout).toContain('OK');
        }
        return Promise.resolve();
      });
    },
    120_000,
  );

  withRedis(
    'a Redis that is frozen for 10 s: every command still answers',
    async () => {
      const pid = redis?.pid;
      if (pid === undefined) throw new Error('Redis did not start');
      let thaw: NodeJS.Timeout | undefined;
      await live((title) => {
        if (title === 'create the tenant') {
          process.kill(pid, 'SIGSTOP');
          thaw = setTimeout(() => process.kill(pid, 'SIGCONT'), 10_000);
        }
        return Promise.resolve();
      });
      clearTimeout(thaw);
      process.kill(pid, 'SIGCONT');
    },
    120_000,
  );

  it('a zooid that answers 500, then hangs, then works', async () => {
    const faults = [
      { match: '/relay', mode: 'fail', status: 500, times: 1 },
      { match: '/relay', mode: 'hang', times: 1 },
    ];
    // The tries are 30 and 60 s apart. When is a column, so that a test need not wait for them.
    const timer = setInterval(() => void hurry(sandbox().state().databaseUrl), 1_000);
    try {
      await live(
        () => Promise.resolve(),
        () => sandbox().setFaults('zooid', faults),
      );
    } finally {
      clearInterval(timer);
    }
  }, 180_000);

  it('a wallet whose answer is lost after it paid', async () => {
    await live(
      () => Promise.resolve(),
      () => sandbox().setFaults('tenantWallet', [{ match: 'pay_invoice', mode: 'drop-answer', times: 1 }]),
    );
  }, 180_000);
});

/** Makes every relay that waits for its next try due now. */
async function hurry(databaseUrl: string): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query("UPDATE relay SET next_sync_at = now() WHERE next_sync_at > now() + interval '10 s'");
  await database.end();
}
