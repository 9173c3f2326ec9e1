import { idMaker, manualClock, pubkeySchema } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { oneZooid } from '../zooid-instances.js';
import { countUsage } from './count-usage.js';
import type { CountUsageDeps } from './count-usage.js';
import type { CountedRelay, UsageLook } from './usage-ports.js';

const clock = manualClock(1_800_000_000);
const newId = idMaker(clock);
const log = createLogger({ service: 'test', level: 'silent' });
const MEMBER = pubkeySchema.parse('ab'.repeat(32));

const counted = (): CountedRelay => ({
  id: newId(),
  tenantPubkey: MEMBER,
  name: 'Team',
  host: 'team.relays.example',
  hasFiles: true,
  memberLimit: 10,
  before: { events: null, newestEvent: null, membersHash: null, overLimitSince: null },
});

/** Relays whose turn has come, and what is written about them. */
function backlog(count: number, changes: Partial<CountUsageDeps> = {}) {
  const due = Array.from({ length: count }, counted);
  const order = due.map(({ id }) => id);
  const saved: UsageLook[] = [];
  const postponed: [Id, Date][] = [];
  const rung: string[] = [];
  const deps: CountUsageDeps = {
    usages: {
      claimDue: (limit) => Promise.resolve(due.splice(0, limit)),
      save: (look) => Promise.resolve(void saved.push(look)).then(() => ({ told: look.relay.id === order[0] })),
      postpone: (id, until) => Promise.resolve(void postponed.push([id, until])),
    },
    places: { instanceOf: () => Promise.resolve('main') },
    zooids: oneZooid({ members: () => Promise.resolve([MEMBER]) }, 'http://127.0.0.1'),
    contents: () => Promise.resolve({ events: 3n, newestEvent: 'e', bytes: 2048n }),
    bells: { ring: (bell) => Promise.resolve(void rung.push(bell.name)) },
    ...{ clock, log, pageSize: 10, concurrency: 3 },
    ...changes,
  };
  return { order, due, saved, postponed, rung, deps, run: countUsage(deps) };
}
const run = (world: ReturnType<typeof backlog>, signal = new AbortController().signal) => world.run(signal);
const AN_HOUR_LATER = new Date((1_800_000_000 + 3600) * 1000);

it('looks at everything that is due, in its order, and at each again on the next day', async () => {
  const world = backlog(25);
  await run(world);
  expect(world.saved.map(({ relay }) => relay.id).sort()).toEqual([...world.order].sort());
  expect(world.saved[0]).toMatchObject({ events: 3n, members: 1, bytes: 2048n, newestEvent: 'e', active: null });
  for (const { nextAt } of world.saved) expect(nextAt.toISOString()).toMatch(/^2027-01-16/);
});

it('whoever is told something is rung for once', async () => {
  const world = backlog(5);
  await run(world);
  expect(world.rung).toEqual(['direct-message']);
});

it('what only one of them tells is written, and the look repeated within the hour', async () => {
  const world = backlog(1, { contents: () => Promise.reject(new Error('no socket')) });
  await run(world);
  expect(world.saved).toEqual([expect.objectContaining({ events: null, members: 1, nextAt: AN_HOUR_LATER })]);
});

it('a relay that tells nothing leaves a gap and stops no other', async () => {
  const world = backlog(12, {
    zooids: oneZooid({ members: () => Promise.reject(new Error('away')) }, 'http://127.0.0.1'),
    contents: ({ id }) =>
      id === world.order[0]
        ? Promise.reject(new Error('away'))
        : Promise.resolve({ events: null, newestEvent: '', bytes: null }),
  });
  await run(world);
  expect(world.postponed).toEqual([[world.order[0], AN_HOUR_LATER]]);
  expect(world.saved).toHaveLength(11);
});

it('a zooid that is away is not asked for all relays: the rest waits for the next sweep', async () => {
  const world = backlog(100, {
    zooids: oneZooid({ members: () => Promise.reject(new Error('away')) }, 'http://127.0.0.1'),
    contents: () => Promise.reject(new Error('away')),
  });
  await run(world);
  expect(world.postponed).toHaveLength(10);
  expect(world.due).toHaveLength(90);
});

it('a look that was interrupted is due again at once', async () => {
  const stopping = new AbortController();
  const world = backlog(1, {
    zooids: oneZooid({ members: () => Promise.reject(new Error('stopped')) }, 'http://127.0.0.1'),
    contents: () => {
      stopping.abort();
      return Promise.reject(new Error('stopped'));
    },
  });
  await run(world, stopping.signal);
  expect(world.postponed).toEqual([[world.order[0], clock.now()]]);
});

it('a database that is away for a moment ends no other look', async () => {
  const world = backlog(3);
  const saved: Id[] = [];
  const [broken] = world.order;
  const away = () => Promise.reject(new Error('no database'));
  const count = countUsage({
    ...world.deps,
    usages: {
      ...world.deps.usages,
      save: ({ relay: { id } }) =>
        id === broken ? away() : Promise.resolve(void saved.push(id)).then(() => ({ told: false })),
      postpone: away,
    },
  });
  await count(new AbortController().signal);
  expect(saved.sort()).toEqual(world.order.slice(1).sort());
});
