import { defineCall } from '@caravel/contracts';
import { AppError, manualClock } from '@caravel/domain';
import { withRequestId } from '@caravel/service';
import { eventually, queueBackends } from '@caravel/testing';
import { z } from 'zod';
import { callClient } from './call-client.js';
import type { CallClient } from './call-client.js';
import { answers, startCallWorker } from './call-worker.js';
import type { CallAnswerer } from './call-worker.js';
import type { QueueDeps } from './queue-deps.js';
import { queueSetup } from './testing/queue-setup.js';
import type { QueueSetup } from './testing/queue-setup.js';

const double = defineCall({
  name: 'double',
  service: 'billing-service',
  request: z.object({ value: z.number() }),
  answer: z.object({ doubled: z.number() }),
  timeoutMs: 3000,
});
const hurried = { ...double, timeoutMs: 400 };
const portal = defineCall({
  name: 'portal',
  service: 'billing-service',
  request: z.object({}),
  answer: z.object({ url: z.string() }),
  secret: true,
});

const doubling = answers(double, ({ value }) => Promise.resolve({ doubled: 2 * value }));

describe.each(queueBackends())('calls on $name', ({ redisUrl }) => {
  let setup: QueueSetup;
  beforeAll(async () => {
    setup = await queueSetup({ redisUrl });
  });
  afterEach(async () => {
    await setup.closeAll();
    setup.lines.length = 0;
  });
  afterAll(() => setup.drop());

  const client = (deps: Partial<QueueDeps> = {}): CallClient =>
    setup.own(callClient(setup.connection('gateway'), { ...setup.deps, ...deps }));
  const serve = (...answerers: CallAnswerer[]) =>
    setup.own(
      startCallWorker('billing-service', answerers, { ...setup.deps, connection: setup.connection('billing') }),
    );
  const replyRows = () => setup.database.query('select call_id, answer from call_reply');

  it('answers, and leaves no row behind', async () => {
    serve(doubling);
    await expect(client().ask(double, { value: 21 })).resolves.toEqual({ doubled: 42 });
    expect(await replyRows()).toEqual([]);
  });

  it('gives 100 callers at once each their own answer', async () => {
    serve(doubling);
    const { ask } = client();
    const values = Array.from({ length: 100 }, (_, index) => index);
    const given = await Promise.all(values.map((value) => ask({ ...double, timeoutMs: 15_000 }, { value })));
    expect(given.map(({ doubled }) => doubled)).toEqual(values.map((value) => 2 * value));
    expect(await replyRows()).toEqual([]);
  });

  it('carries the request id to the handler', async () => {
    let seen: string | undefined;
    serve(
      answers(double, (_request, { requestId }) => {
        seen = requestId;
        return Promise.resolve({ doubled: 0 });
      }),
    );
    await withRequestId('request-7', () => client().ask(double, { value: 1 }));
    expect(seen).toBe('request-7');
  });

  it("rethrows the handler's own error with code and message", async () => {
    serve(answers(double, () => Promise.reject(new AppError('not-found', 'There is no such invoice.'))));
    const error: unknown = await client()
      .ask(double, { value: 1 })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'not-found', status: 404, message: 'There is no such invoice.' });
  });

  it('tells nothing about an unexpected error but that it is internal', async () => {
    serve(answers(double, () => Promise.reject(new Error('secret detail'))));
    await expect(client().ask(double, { value: 1 })).rejects.toMatchObject({
      code: 'internal',
      message: 'The service could not answer.',
    });
    expect(setup.lines).toContainEqual(expect.objectContaining({ msg: 'call failed', call: 'double' }));
  });

  it('says at once that a call is unknown to the version that serves', async () => {
    serve();
    const beganAt = performance.now();
    await expect(client().ask(double, { value: 1 })).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(performance.now() - beganAt).toBeLessThan(double.timeoutMs - 500);
  });

  it('gives up at the deadline when nobody serves', async () => {
    const beganAt = performance.now();
    await expect(client().ask(hurried, { value: 1 })).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(performance.now() - beganAt).toBeLessThan(hurried.timeoutMs + 500);
  });

  it('drops a call that is taken up after its deadline', async () => {
    const past = manualClock(Math.floor(setup.deps.clock.now().getTime() / 1000) - 60);
    let handled = 0;
    serve(
      answers(double, () => {
        handled += 1;
        return Promise.resolve({ doubled: 0 });
      }),
    );
    await expect(client({ clock: past }).ask(hurried, { value: 1 })).rejects.toMatchObject({
      code: 'service-unavailable',
    });
    await eventually(() => setup.lines.some(({ msg }) => msg === 'call came after its deadline, dropped'));
    expect(handled).toBe(0);
  });

  it('aborts a handler at the deadline and stores no answer nobody waits for', async () => {
    let aborted = false;
    serve(
      answers(hurried, async (_request, { signal }) => {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
        aborted = true;
        return { doubled: 0 };
      }),
    );
    await expect(client().ask(hurried, { value: 1 })).rejects.toMatchObject({ code: 'service-unavailable' });
    await eventually(() => aborted);
    await setup.closeAll();
    expect(await replyRows()).toEqual([]);
  });

  it("ends the wait when the caller's signal is aborted", async () => {
    const controller = new AbortController();
    const asked = client().ask(double, { value: 1 }, { signal: controller.signal });
    controller.abort(new Error('client went away'));
    await expect(asked).rejects.toMatchObject({ code: 'service-unavailable' });
  });

  it('seals the answer of a secret call, so that no row shows it', async () => {
    const url = 'https://billing.example/session/opens-an-account';
    serve(answers(portal, () => Promise.resolve({ url })));
    await setup.database.query('create table seen (answer jsonb)');
    await setup.database.query(`create function remember() returns trigger language plpgsql security definer as
      'begin insert into seen values (new.answer); return new; end'`);
    await setup.database.query(
      'create trigger remember before insert on call_reply for each row execute function remember()',
    );
    await expect(client().ask(portal, {})).resolves.toEqual({ url });
    const seen = await setup.database.query<{ answer: object }>('select answer from seen');
    expect(seen).toEqual([{ answer: { sealed: expect.any(String) } }]);
    expect(JSON.stringify(seen)).not.toContain('session');
    await setup.database.query('drop trigger remember on call_reply');
    await setup.database.query('drop table seen');
    await setup.database.query('drop function remember');
  });

  it('still answers by polling while the listening connection is cut', async () => {
    serve(doubling);
    const { ask } = client();
    await ask(double, { value: 1 });
    const cut = () =>
      setup.database.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query = 'listen call_reply'`);
    expect(await cut()).not.toEqual([]);
    await expect(ask(double, { value: 2 })).resolves.toEqual({ doubled: 4 });

    // It listens again by itself.
    await eventually(async () => (await cut()).length > 0);
  });

  it('removes answers nobody fetched within a minute', async () => {
    await setup.database.query(`insert into call_reply (call_id, answer, created_at) values
      ('old', '{}', now() - interval '61 seconds'), ('fresh', '{}', now())`);
    client();
    await eventually(async () => (await replyRows()).length === 1);
    expect(await replyRows()).toEqual([expect.objectContaining({ call_id: 'fresh' })]);
    await setup.database.query('delete from call_reply');
  });

  it('refuses to serve a call of another service', () => {
    expect(() => startCallWorker('robot-dm', [doubling], { ...setup.deps, connection: setup.connection() })).toThrow(
      'double is answered by billing-service',
    );
  });
});
