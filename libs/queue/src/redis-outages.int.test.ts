import { defineBell, defineCall } from '@caravel/contracts';
import { eventually } from '@caravel/testing';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { bellRinger } from './bell-ringer.js';
import { startBellWorker } from './bell-worker.js';
import { callClient } from './call-client.js';
import { answers, startCallWorker } from './call-worker.js';
import { queueSetup } from './testing/queue-setup.js';
import type { QueueSetup } from './testing/queue-setup.js';
import { startOwnRedis } from './testing/redis-server.js';
import type { OwnRedis } from './testing/redis-server.js';

const bell = defineBell({
  name: 'outage-bell',
  payload: z.object({ subject: z.string() }),
  subject: ({ subject }) => subject,
});
const ping = defineCall({
  name: 'ping',
  service: 'robot-dm',
  request: z.object({}),
  answer: z.object({ pong: z.literal(true) }),
  timeoutMs: 2000,
});

const describeWithRedis = process.env['TEST_REDIS_URL'] ? describe : describe.skip;

describeWithRedis('when Redis', () => {
  let redis: OwnRedis;
  let setup: QueueSetup;
  let handled: string[] = [];
  beforeAll(async () => {
    redis = await startOwnRedis();
    setup = await queueSetup({ redisUrl: redis.url });
  });
  beforeEach(() => {
    handled = [];
  });
  afterEach(async () => {
    redis.thaw();
    await setup.closeAll();
  });
  afterAll(async () => {
    await redis.kill();
    await setup.drop();
  });

  const worker = () =>
    setup.own(
      startBellWorker(bell, ({ subject }) => Promise.resolve(void handled.push(subject)), {
        ...setup.deps,
        connection: setup.connection(),
      }),
    );
  const ringer = () => setup.own(bellRinger(setup.connection(), setup.deps));
  const ringUntilHandled = (ring: ReturnType<typeof bellRinger>['ring'], subject: string) =>
    eventually(
      async () => {
        await ring(bell, { subject });
        return handled.includes(subject);
      },
      { timeoutMs: 20_000, everyMs: 100 },
    );

  it('is emptied, workers go on', async () => {
    worker();
    const { ring } = ringer();
    await ringUntilHandled(ring, 'before');
    const admin = new Redis(redis.url);
    await admin.flushall();
    admin.disconnect();
    await ringUntilHandled(ring, 'after');
  });

  it('is killed and started again, workers and callers go on', async () => {
    worker();
    const { ring } = ringer();
    setup.own(
      startCallWorker('robot-dm', [answers(ping, () => Promise.resolve({ pong: true as const }))], {
        ...setup.deps,
        connection: setup.connection(),
      }),
    );
    const { ask } = setup.own(callClient(setup.connection(), setup.deps));
    await ringUntilHandled(ring, 'before');
    await ask(ping, {});

    await redis.kill();
    await allPrompt(20, () => ring(bell, { subject: 'meanwhile' }));
    const beganAt = performance.now();
    await expect(ask(ping, {})).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(performance.now() - beganAt).toBeLessThan(ping.timeoutMs + 500);

    await redis.start();
    await ringUntilHandled(ring, 'after');
    await eventually(() => ask(ping, {}), { timeoutMs: 20_000 });
  });

  it('is frozen, no bell waits longer than it may, and workers go on afterwards', async () => {
    worker();
    const { ring } = ringer();
    await ringUntilHandled(ring, 'before');
    redis.freeze();
    const frozenAt = performance.now();
    let rung = 0;
    // Longer than a worker's blocking read lasts, so that its connection notices as well.
    while (performance.now() - frozenAt < 3000) {
      await allPrompt(20, () => ring(bell, { subject: `frozen-${(rung += 1)}` }));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    redis.thaw();
    await ringUntilHandled(ring, 'after');
    expect(setup.lines).toContainEqual(
      expect.objectContaining({ msg: 'bell not rung, left to the sweep', reason: 'stuck' }),
    );
  });

  it('is frozen, a worker closes within its deadline', async () => {
    const { close } = worker();
    await ringUntilHandled(ringer().ring, 'before');
    redis.freeze();
    const beganAt = performance.now();
    await close();
    expect(performance.now() - beganAt).toBeLessThan(6000);
  });

  it('is away at the start, bells are dropped at once and workers begin when it comes', async () => {
    await redis.kill();
    const { ring } = ringer();
    worker();
    await allPrompt(50, () => ring(bell, { subject: 'nobody hears' }));
    await redis.start();
    await ringUntilHandled(ring, 'after');
  });
});

/** Each run must end before a timer of 250 ms and some; a race, because a busy machine delays both alike. */
async function allPrompt(times: number, run: () => Promise<void>): Promise<void> {
  const outcomes = Array.from({ length: times }, () =>
    Promise.race([run().then(() => 'in time'), new Promise((resolve) => setTimeout(resolve, 350, 'late'))]),
  );
  expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['in time']));
}
