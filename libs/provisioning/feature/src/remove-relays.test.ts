import { idMaker, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { removeRelays } from './remove-relays.js';
import { oneZooid } from './zooid-instances.js';

const log = createLogger({ service: 'test', level: 'silent' });
const newId = idMaker(systemClock);
const signal = new AbortController().signal;

it('marks as removed what zooid has deleted or never had, and leaves the rest to the next sweep', async () => {
  const [gone, stuck, nowhere, last] = [newId(), newId(), newId(), newId()];
  const away = new Set([stuck, nowhere]);
  const marked: Id[] = [];
  await removeRelays({
    removals: {
      due: () => Promise.resolve([gone, stuck, nowhere, last]),
      markRemoved: (relayId) => Promise.resolve(void marked.push(relayId)),
    },
    places: { instanceOf: (relayId) => Promise.resolve(relayId === nowhere ? null : 'main') },
    zooids: oneZooid(
      { remove: (relayId: Id) => (away.has(relayId) ? Promise.reject(new Error('away')) : Promise.resolve()) },
      '',
    ),
    log,
    concurrency: 1,
  })(signal);
  expect(marked).toEqual([gone, nowhere, last]);
});
