import { manualClock } from '@caravel/domain';
import { createLogger } from '@caravel/service';
import { rates } from './rates.js';

const log = createLogger({ service: 'test', level: 'silent' });
const sources = ['a', 'b', 'c'].map((name) => `https://${name}.example.com/price`);

function setUp(prices: Record<string, number | undefined>, names = sources) {
  const clock = manualClock(1_800_000_000);
  const asked: string[] = [];
  const now = { ...prices };
  const fetchText = (url: string): Promise<string> => {
    const name = new URL(url).hostname.charAt(0);
    asked.push(name);
    const price = now[name];
    return price === undefined ? Promise.reject(new Error('down')) : Promise.resolve(`{"bitcoin":{"usd":${price}}}`);
  };
  return { clock, asked, now, rates: rates({ sources: names, clock, log, fetchText }) };
}

describe('the price of a bitcoin', () => {
  it('is the mean of two sources that agree; a third is not asked', async () => {
    const test = setUp({ a: 100, b: 104, c: 1 });
    expect(await test.rates.centsPerBtc()).toBe(10_200n);
    expect(test.asked).toEqual(['a', 'b']);
  });

  it('comes from the third when one is down or wrong', async () => {
    expect(await setUp({ b: 100, c: 102 }).rates.centsPerBtc()).toBe(10_100n);
    expect(await setUp({ a: 50, b: 100, c: 102 }).rates.centsPerBtc()).toBe(10_100n);
  });

  it('is refused when sources are more than 5 % apart', async () => {
    expect(await setUp({ a: 100, b: 105 }).rates.centsPerBtc()).toBe(10_250n);
    expect(await setUp({ a: 100, b: 105.01 }).rates.centsPerBtc()).toBeNull();
    expect(await setUp({ a: 100, b: 200, c: 400 }).rates.centsPerBtc()).toBeNull();
  });

  it('may come from a single source while nothing contradicts it', async () => {
    expect(await setUp({ c: 100 }).rates.centsPerBtc()).toBe(10_000n);
    const test = setUp({ a: 100, b: 100 });
    await test.rates.centsPerBtc();
    Object.assign(test.now, { a: undefined, b: 1 });
    test.clock.advance(61);
    expect(await test.rates.centsPerBtc()).toBe(10_000n);
  });

  it('is kept for 60 s, shared by all who ask at once', async () => {
    const test = setUp({ a: 100, b: 100 });
    await Promise.all([test.rates.centsPerBtc(), test.rates.centsPerBtc()]);
    test.clock.advance(59);
    await test.rates.centsPerBtc();
    expect(test.asked).toEqual(['a', 'b']);
    test.now['a'] = 102;
    test.clock.advance(1);
    expect(await test.rates.centsPerBtc()).toBe(10_100n);
  });

  it('is used for 10 minutes when no source answers, then refused', async () => {
    const test = setUp({ a: 100, b: 100 });
    await test.rates.centsPerBtc();
    Object.assign(test.now, { a: undefined, b: undefined });
    test.clock.advance(600);
    expect(await test.rates.centsPerBtc()).toBe(10_000n);
    test.clock.advance(1);
    expect(await test.rates.centsPerBtc()).toBeNull();
    const asked = test.asked.length;
    expect(await test.rates.centsPerBtc()).toBeNull();
    expect(test.asked).toHaveLength(asked);
    test.now['a'] = 100;
    test.clock.advance(10);
    expect(await test.rates.centsPerBtc()).toBe(10_000n);
  });
});
