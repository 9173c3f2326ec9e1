import { idMaker, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { gate } from './gate.js';
import { sweepRelays } from './sweep-relays.js';
import { oneZooid, zooidInstances } from './zooid-instances.js';

const newId = idMaker(systemClock);
const log = createLogger({ service: 'test', level: 'silent' });
const signal = new AbortController().signal;
const rest = () => ({ log, zooids: oneZooid({}, ''), gate: gate(8) });

/** Relays that are due until they are done. */
function backlog(count: number) {
  const due = new Set<Id>(Array.from({ length: count }, newId));
  const asked: (readonly string[])[] = [];
  const syncs = {
    due: (limit: number, heldBack: readonly string[]) => {
      asked.push(heldBack);
      return Promise.resolve([...due].slice(0, limit));
    },
  };
  return { due, syncs, asked };
}

it('works off everything, the oldest first, over as many pages as it takes', async () => {
  const { due, syncs } = backlog(25);
  const expected = [...due];
  const done: Id[] = [];
  const sync = ({ relayId }: { relayId: Id }) => {
    due.delete(relayId);
    done.push(relayId);
    return Promise.resolve();
  };
  await sweepRelays({ ...rest(), syncs, sync, pageSize: 10, concurrency: 1 })(signal);
  expect(done).toEqual(expected);
});

it('holds up nobody behind one that takes long, and begins the oldest as soon as there is room', async () => {
  const { due, syncs } = backlog(30);
  const [slow] = due;
  let end: () => void = () => undefined;
  const done: Id[] = [];
  const sync = async ({ relayId }: { relayId: Id }) => {
    if (relayId === slow) await new Promise<void>((resolve) => (end = resolve));
    due.delete(relayId);
    done.push(relayId);
    if (done.length === 29) end();
  };
  const expected = [...due].slice(1);
  await sweepRelays({ ...rest(), syncs, sync, pageSize: 10, concurrency: 2 })(signal);
  expect(done).toEqual([...expected, slow]);
});

it('runs no more at once than the gate lets in, whoever else is in it', async () => {
  const { due, syncs } = backlog(20);
  let [running, most] = [0, 0];
  const sync = async ({ relayId }: { relayId: Id }) => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setImmediate(resolve));
    due.delete(relayId);
    running -= 1;
  };
  const through = gate(3);
  const context = { log, signal };
  const bells = Promise.all([...due].slice(10).map((relayId) => through(() => sync({ relayId }))));
  await sweepRelays({ ...rest(), syncs, sync: (bell) => sync(bell), gate: through })(context.signal);
  await bells;
  expect([most, due.size]).toEqual([3, 0]);
});

it('ends when relays stay due, having looked at each once', async () => {
  const { syncs } = backlog(10);
  const looked: Id[] = [];
  const sync = ({ relayId }: { relayId: Id }) => Promise.resolve(void looked.push(relayId));
  await sweepRelays({ ...rest(), syncs, sync, pageSize: 10 })(signal);
  expect(new Set(looked).size).toBe(10);
  expect(looked).toHaveLength(10);
});

it('leaves alone what a zooid has that does not answer, and everything when none does', async () => {
  const { due, syncs, asked } = backlog(3);
  let away = true;
  const away2 = { available: () => !away };
  const rules = { weight: 1, capacity: null, draining: false, relayUrl: '' };
  const zooids = zooidInstances([
    { ...rules, name: 'a', zooid: away2 },
    { ...rules, name: 'b', zooid: { available: () => true } },
  ]);
  const sync = ({ relayId }: { relayId: Id }) => Promise.resolve(void due.delete(relayId));
  await sweepRelays({ ...rest(), syncs, sync, zooids })(signal);
  expect([...new Set(asked.map((names) => names.join()))]).toEqual(['a']);

  const alone = backlog(3);
  await sweepRelays({ ...rest(), ...alone, sync, zooids: oneZooid(away2, '') })(signal);
  expect(alone.asked).toEqual([]);
  away = false;
  const syncBack = ({ relayId }: { relayId: Id }) => Promise.resolve(void alone.due.delete(relayId));
  await sweepRelays({ ...rest(), ...alone, sync: syncBack, zooids: oneZooid(away2, '') })(signal);
  expect(alone.due.size).toBe(0);
});

it('stops in the middle of a page when zooid is gone, and goes on when the one that was tried came through', async () => {
  const { due, syncs } = backlog(50);
  let available = true;
  let begun = 0;
  const sync = async ({ relayId }: { relayId: Id }) => {
    begun += 1;
    if (begun === 3) {
      available = false;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(begun).toBe(3);
      available = true;
    }
    due.delete(relayId);
  };
  const zooids = oneZooid({ available: () => available }, '');
  await sweepRelays({ ...rest(), syncs, sync, zooids, concurrency: 4 })(signal);
  expect(due.size).toBe(0);
});

it('lets no relay stop the others, and tells in the end what went wrong', async () => {
  const { due, syncs } = backlog(5);
  const [broken] = due;
  const sync = ({ relayId }: { relayId: Id }) => {
    if (relayId === broken) return Promise.reject(new Error('broken'));
    due.delete(relayId);
    return Promise.resolve();
  };
  await expect(sweepRelays({ ...rest(), syncs, sync })(signal)).rejects.toThrow('1 relays not synced');
  expect([...due]).toEqual([broken]);
});

it('begins nothing new when told to stop', async () => {
  const { syncs } = backlog(5);
  const sync = () => Promise.reject(new Error('begun'));
  await sweepRelays({ ...rest(), syncs, sync })(AbortSignal.abort());
});
