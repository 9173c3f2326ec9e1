import { idMaker, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { sweepRelays } from './sweep-relays.js';

const newId = idMaker(systemClock);
const log = createLogger({ service: 'test', level: 'silent' });
const signal = new AbortController().signal;

/** Relays that are due until they are done. */
function backlog(count: number) {
  const due = new Set<Id>(Array.from({ length: count }, newId));
  const syncs = { due: (limit: number) => Promise.resolve([...due].slice(0, limit)) };
  return { due, syncs };
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
  await sweepRelays({ syncs, sync, log, pageSize: 10, concurrency: 1 })(signal);
  expect(done).toEqual(expected);
});

it('ends when relays stay due, having looked at each once', async () => {
  const { syncs } = backlog(10);
  const looked: Id[] = [];
  const sync = ({ relayId }: { relayId: Id }) => Promise.resolve(void looked.push(relayId));
  await sweepRelays({ syncs, sync, log, pageSize: 10 })(signal);
  expect(new Set(looked).size).toBe(10);
  expect(looked).toHaveLength(10);
});

it('lets no relay stop the others, and tells in the end what went wrong', async () => {
  const { due, syncs } = backlog(5);
  const [broken] = due;
  const sync = ({ relayId }: { relayId: Id }) => {
    if (relayId === broken) return Promise.reject(new Error('broken'));
    due.delete(relayId);
    return Promise.resolve();
  };
  await expect(sweepRelays({ syncs, sync, log })(signal)).rejects.toThrow('1 relays not synced');
  expect([...due]).toEqual([broken]);
});

it('begins nothing new when told to stop', async () => {
  const { syncs } = backlog(5);
  const sync = () => Promise.reject(new Error('begun'));
  await sweepRelays({ syncs, sync, log })(AbortSignal.abort());
});
