import { defineBell } from '@caravel/contracts';
import { eventually } from '@caravel/testing';
import { z } from 'zod';
import { bellRinger } from './bell-ringer.js';
import { startBellWorker } from './bell-worker.js';
import { queueSetup } from './testing/queue-setup.js';
import type { QueueSetup } from './testing/queue-setup.js';

const bell = defineBell({
  name: 'outage-bell',
  payload: z.object({ subject: z.string() }),
  subject: ({ subject }) => subject,
});

describe('when PostgreSQL is the queue and', () => {
  let setup: QueueSetup;
  beforeAll(async () => {
    setup = await queueSetup({});
  });
  afterEach(() => setup.closeAll());
  afterAll(() => setup.drop());

  const worker = (handled: string[]) =>
    setup.own(
      startBellWorker(bell, ({ subject }) => Promise.resolve(void handled.push(subject)), {
        ...setup.deps,
        connection: setup.connection('provisioner'),
      }),
    );
  const ringUntilHandled = (handled: string[], subject: string) => {
    const { ring } = setup.own(bellRinger(setup.connection('gateway'), setup.deps));
    return eventually(
      async () => {
        await ring(bell, { subject });
        return handled.includes(subject);
      },
      { timeoutMs: 20_000, everyMs: 100 },
    );
  };
  const inDatabase = (sql: string) => setup.database.query(sql);

  it('all connections are cut, workers go on', async () => {
    const handled: string[] = [];
    worker(handled);
    await ringUntilHandled(handled, 'before');
    await inDatabase(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename <> current_user`);
    await ringUntilHandled(handled, 'after');
  });

  it('its queues are not there yet, workers begin once they are', async () => {
    const handled: string[] = [];
    await inDatabase('alter schema bullmq rename to later');
    const { ring } = setup.own(bellRinger(setup.connection('gateway'), setup.deps));
    worker(handled);
    await ring(bell, { subject: 'too early' });
    await eventually(() => setup.lines.some(({ msg }) => msg === 'queue connection'));
    await inDatabase('alter schema later rename to bullmq');
    await ringUntilHandled(handled, 'after');
  });

  it('a bell finds the database locked, it does not wait for it', async () => {
    const { ring } = setup.own(bellRinger(setup.connection('gateway'), setup.deps));
    await ring(bell, { subject: 'first' });
    const locker = inDatabase(`do $$ begin
      lock table bullmq.job in access exclusive mode; perform pg_sleep(2); end $$`);
    await eventually(async () => {
      await ring(bell, { subject: 'second' });
      return setup.lines.some(({ reason }) => reason === 'late');
    });
    let unlocked = false;
    void locker.then(() => (unlocked = true));
    await Promise.resolve();
    expect(unlocked).toBe(false);
    await locker;
  });
});
