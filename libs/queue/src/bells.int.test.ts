import { defineBell } from '@caravel/contracts';
import { manualClock } from '@caravel/domain';
import { withRequestId } from '@caravel/service';
import { eventually, queueBackends } from '@caravel/testing';
import { z } from 'zod';
import { bellRinger } from './bell-ringer.js';
import { startBellWorker } from './bell-worker.js';
import type { BellHandler, BellWorkerOptions } from './bell-worker.js';
import { queueSetup } from './testing/queue-setup.js';
import type { QueueSetup } from './testing/queue-setup.js';

const payloadSchema = z.object({ subject: z.string(), extra: z.number().optional() });
type Payload = z.output<typeof payloadSchema>;

let bells = 0;
const newBell = () =>
  defineBell({ name: `bell-${(bells += 1)}`, payload: payloadSchema, subject: ({ subject }) => subject });

describe.each(queueBackends())('bells on $name', ({ redisUrl }) => {
  let setup: QueueSetup;
  let bell: ReturnType<typeof newBell>;
  beforeAll(async () => {
    setup = await queueSetup({ redisUrl });
  });
  beforeEach(() => {
    bell = newBell();
    setup.lines.length = 0;
  });
  afterEach(() => setup.closeAll());
  afterAll(() => setup.drop());

  const ringer = (clock = setup.deps.clock) =>
    setup.own(bellRinger(setup.connection('gateway'), { ...setup.deps, clock }));
  const worker = (handler: BellHandler<Payload>, options: Partial<BellWorkerOptions> = {}) =>
    setup.own(
      startBellWorker(bell, handler, { ...setup.deps, connection: setup.connection('provisioner'), ...options }),
    );

  it('brings the payload and the request id of whoever rang', async () => {
    const seen: unknown[] = [];
    worker((payload, { requestId, log }) => {
      log.info('handling');
      seen.push({ payload, requestId });
      return Promise.resolve();
    });
    await withRequestId('request-1', () => ringer().ring(bell, { subject: 'a', extra: 1 }));
    await eventually(() => seen.length === 1);
    expect(seen).toEqual([{ payload: { subject: 'a', extra: 1 }, requestId: 'request-1' }]);
    expect(setup.lines).toContainEqual(expect.objectContaining({ msg: 'handling', requestId: 'request-1' }));
  });

  it('makes one job of a burst about one subject, and one more in the next second', async () => {
    const clock = manualClock(1000);
    const { ring } = ringer(clock);
    await Promise.all(Array.from({ length: 20 }, () => ring(bell, { subject: '1000' })));
    await ring(bell, { subject: 'b:c' });
    clock.advance(1);
    await ring(bell, { subject: '1000' });

    const seen: string[] = [];
    worker(({ subject }) => Promise.resolve(void seen.push(subject)));
    await eventually(() => seen.length === 3);
    expect(seen.toSorted()).toEqual(['1000', '1000', 'b:c']);
  });

  it('lets a subject ring again within the second once its job is done', async () => {
    const { ring } = ringer(manualClock(1000));
    let runs = 0;
    worker(() => Promise.resolve(void (runs += 1)));
    await ring(bell, { subject: 'a' });
    await eventually(() => runs === 1);
    await eventually(async () => {
      await ring(bell, { subject: 'a' });
      return runs >= 2;
    });
  });

  it('does not stay blocked by a handler that failed, and logs the failure once', async () => {
    const { ring } = ringer();
    let runs = 0;
    worker(() => {
      runs += 1;
      return Promise.reject(new Error('broken'));
    });
    await ring(bell, { subject: 'a' });
    await eventually(() => runs === 1);
    await eventually(async () => {
      await ring(bell, { subject: 'a' });
      return runs === 2;
    });
    const failures = setup.lines.filter(({ msg }) => msg === 'bell failed, left to the sweep');
    expect(failures).toHaveLength(runs);
  });

  it('drops a payload it does not understand and goes on', async () => {
    const newer = defineBell({ ...bell, payload: z.object({ subject: z.number() }), subject: () => 'x' });
    const { ring } = ringer();
    const seen: string[] = [];
    worker(({ subject }) => Promise.resolve(void seen.push(subject)));
    await ring(newer, { subject: 1 });
    await ring(bell, { subject: 'understood' });
    await eventually(() => seen.length > 0);
    expect(seen).toEqual(['understood']);
  });

  it('refuses to ring with a payload that does not match, which is a defect', async () => {
    // @ts-expect-error a number is no subject
    await expect(ringer().ring(bell, { subject: 1 })).rejects.toThrow(z.ZodError);
  });

  it('handles several subjects side by side, up to its concurrency', async () => {
    const { ring } = ringer();
    let running = 0;
    let most = 0;
    let done = 0;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    worker(
      async () => {
        most = Math.max(most, ++running);
        await released;
        running -= 1;
        done += 1;
      },
      { concurrency: 3 },
    );
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((subject) => ring(bell, { subject })));
    await eventually(() => running === 3);
    release();
    await eventually(() => done === 5);
    expect(most).toBe(3);
  });

  it('aborts a handler that runs longer than it may', async () => {
    let reason: unknown;
    worker((_payload, { signal }) => untilAborted(signal, (why) => (reason = why)), { maxRunMs: 50 });
    await ringer().ring(bell, { subject: 'a' });
    await eventually(() => reason !== undefined);
    expect(String(reason)).toContain('not done within 50 ms');
  });

  it('aborts running handlers when it closes, and takes no new job', async () => {
    const { ring } = ringer();
    const seen: string[] = [];
    let aborted = false;
    const { close } = worker(
      ({ subject }, { signal }) => {
        seen.push(subject);
        return untilAborted(signal, () => (aborted = true));
      },
      { concurrency: 1 },
    );
    await ring(bell, { subject: 'first' });
    await eventually(() => seen.length === 1);
    await ring(bell, { subject: 'second' });
    await close();
    expect({ aborted, seen }).toEqual({ aborted: true, seen: ['first'] });

    worker(({ subject }) => Promise.resolve(void seen.push(subject)));
    await eventually(() => seen.includes('second'));
  });

  it('closes within its deadline although a handler ignores its signal', async () => {
    let started = false;
    let release = (): void => undefined;
    const { close } = worker(() => {
      started = true;
      return new Promise<void>((resolve) => (release = resolve));
    });
    await ringer().ring(bell, { subject: 'a' });
    await eventually(() => started);
    const beganAt = performance.now();
    await close();
    expect(performance.now() - beganAt).toBeLessThan(6000);
    release();
  });
});

function untilAborted(signal: AbortSignal, onAbort: (reason: unknown) => void): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      onAbort(signal.reason);
      resolve();
    });
  });
}
