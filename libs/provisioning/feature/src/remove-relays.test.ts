import { idMaker, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { removeRelays } from './remove-relays.js';

const log = createLogger({ service: 'test', level: 'silent' });
const newId = idMaker(systemClock);
const signal = new AbortController().signal;

it('marks as removed what zooid has deleted, and leaves the rest to the next sweep', async () => {
  const [gone, stuck, last] = [newId(), newId(), newId()];
  const marked: Id[] = [];
  await removeRelays({
    removals: {
      due: () => Promise.resolve([gone, stuck, last]),
      markRemoved: (relayId) => Promise.resolve(void marked.push(relayId)),
    },
    zooid: { remove: (relayId) => (relayId === stuck ? Promise.reject(new Error('away')) : Promise.resolve()) },
    log,
    concurrency: 1,
  })(signal);
  expect(marked).toEqual([gone, last]);
});
