import fc from 'fast-check';
import { idMaker, systemClock } from '@caravel/domain';
import type { Id } from '@caravel/domain';
import { rankInstances } from './rank-instances.js';
import type { InstanceRules } from './zooid-instances.js';

const newId = idMaker(systemClock);
const relays = Array.from({ length: 6000 }, newId);
const named = (name: string, rules: Partial<InstanceRules> = {}): InstanceRules => ({
  ...{ name, weight: 1, capacity: null, draining: false, ...rules },
});
const best = (relayId: Id, instances: readonly InstanceRules[]) => rankInstances(relayId, instances)[0]?.name;

function shares(instances: readonly InstanceRules[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const relayId of relays) {
    const name = best(relayId, instances) ?? 'none';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

it('gives instances of equal weight equal shares', () => {
  const counts = shares(['a', 'b', 'c', 'd'].map((name) => named(name)));
  // Five standard deviations of a fair draw of 6000 over 4 are 168.
  for (const name of ['a', 'b', 'c', 'd']) expect(Math.abs((counts.get(name) ?? 0) - 1500)).toBeLessThan(168);
});

it('gives shares in proportion to the weights', () => {
  const counts = shares([named('big', { weight: 3 }), named('small')]);
  expect(Math.abs((counts.get('big') ?? 0) - 4500)).toBeLessThan(168);
});

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 2, maxLength: 8 });
const instances = names.map((list) => list.map((name) => named(name)));

it('does not depend on the order of the list', () => {
  fc.assert(
    fc.property(instances, fc.constantFrom(...relays), (list, relayId) => {
      expect(rankInstances(relayId, list.toReversed())).toEqual(rankInstances(relayId, list));
    }),
  );
});

it('moves, when an instance is added, nothing but what goes there', () => {
  fc.assert(
    fc.property(instances, fc.constantFrom(...relays), ([added, ...rest], relayId) => {
      const after = best(relayId, added ? [added, ...rest] : rest);
      expect([best(relayId, rest), added?.name]).toContain(after);
    }),
  );
});

it('passes over draining instances, and knows nothing when all are', () => {
  fc.assert(
    fc.property(instances, fc.constantFrom(...relays), ([first, ...rest], relayId) => {
      const list = [named(first?.name ?? 'x', { draining: true }), ...rest];
      expect(rankInstances(relayId, list)).toEqual(rankInstances(relayId, rest));
    }),
  );
  expect(rankInstances(newId(), [named('a', { draining: true })])).toEqual([]);
});
