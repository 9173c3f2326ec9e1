import { idMaker, systemClock } from '@caravel/domain';
import { placeRelay } from './place-relay.js';
import { rankInstances } from './rank-instances.js';
import { zooidInstances } from './zooid-instances.js';

const relayId = idMaker(systemClock)();
const claim = { relayId, until: new Date(0) };
const list = ['a', 'b', 'c'].map((name) => ({
  ...{ name, zooid: name, relayUrl: '', weight: 1, capacity: 10, draining: false },
}));
const zooids = zooidInstances(list);
const [first, second] = rankInstances(relayId, list).map(({ name }) => name);

/** A store in which these are full; tells what it was asked to write. */
function placing(...full: (string | undefined)[]) {
  const asked: string[] = [];
  const placeAt = (_: unknown, { name }: { name: string }) => {
    asked.push(name);
    return Promise.resolve(!full.includes(name));
  };
  return { syncs: { placeAt }, asked };
}

it('writes the best instance down before it answers it', async () => {
  const { syncs, asked } = placing();
  expect(await placeRelay({ syncs, zooids }, { claim, instance: null })).toMatchObject({ name: first });
  expect(asked).toEqual([first]);
});

it('passes over a full one, and says that there is no room when all are', async () => {
  expect(await placeRelay({ syncs: placing(first).syncs, zooids }, { claim, instance: null })).toMatchObject({
    name: second,
  });
  await expect(
    placeRelay({ syncs: placing('a', 'b', 'c').syncs, zooids }, { claim, instance: null }),
  ).rejects.toMatchObject({ code: 'service-unavailable', retryable: true });
});

it('leaves a relay where it is, also when others would be better', async () => {
  const { syncs, asked } = placing();
  for (const name of ['a', 'b', 'c']) {
    expect(await placeRelay({ syncs, zooids }, { claim, instance: name })).toMatchObject({ zooid: name });
  }
  expect(asked).toEqual([]);
});

it('refuses a relay whose instance is not in the list, and moves it nowhere', async () => {
  const { syncs, asked } = placing();
  await expect(placeRelay({ syncs, zooids }, { claim, instance: 'gone' })).rejects.toMatchObject({
    instance: 'gone',
    message: expect.not.stringContaining('gone'),
  });
  expect(asked).toEqual([]);
});
