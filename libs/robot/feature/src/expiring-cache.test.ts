import { manualClock } from '@caravel/domain';
import { expiringCache } from './expiring-cache.js';

describe('expiringCache', () => {
  const clock = manualClock(1_000);

  it('forgets a value after its time', () => {
    const cache = expiringCache<number>({ ttlMs: 5_000, maxEntries: 10, clock });
    cache.set('a', 1);
    clock.advance(4);
    expect(cache.get('a')).toBe(1);
    clock.advance(1);
    expect(cache.get('a')).toBeUndefined();
  });

  it('never holds more than it may, and drops what was set first', () => {
    const cache = expiringCache<number>({ ttlMs: 5_000, maxEntries: 2, clock });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);
    cache.set('c', 4);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([3, undefined, 4]);
  });
});
