import { STORES } from '@caravel/pay-store/testing';
import type { TestStore } from '@caravel/pay-store/testing';
import { rateCache } from './rate-cache.js';

describe.each(STORES)('the price cache on $name', ({ open }) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.drop());

  it('keeps the newest price of each coin to its last digit', async () => {
    const cache = rateCache(store.db);
    expect(await cache.read('BTC')).toBeUndefined();
    const price = { price: 97_000_000_000_000_000_000_001n, source: 'kraken', fetchedAtMs: 1_800_000_000_000 };
    await cache.write('BTC', price);
    await cache.write('BTC', { ...price, price: 1n, fetchedAtMs: price.fetchedAtMs - 1 });
    await cache.write('ETH', { ...price, price: 2n });
    expect(await cache.read('BTC')).toEqual(price);
    expect(await cache.read('ETH')).toMatchObject({ price: 2n });
  });

  it('replaces a price that a clock has written which was far ahead', async () => {
    const cache = rateCache(store.db);
    const price = { price: 10n ** 18n, source: 'kraken', fetchedAtMs: 1_800_000_000_000 };
    await cache.write('SOL', { ...price, fetchedAtMs: price.fetchedAtMs + 3_600_001 });
    await cache.write('SOL', price);
    expect(await cache.read('SOL')).toEqual(price);
  });
});
