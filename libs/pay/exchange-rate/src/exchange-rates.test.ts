import { manualClock } from '@caravel/domain';
import { exchangeRates } from './exchange-rates.js';
import type { CachedPrice } from './rate-cache.js';
import type { Coin, RateSource } from './rate-source.js';

const KRAKEN: RateSource = { type: 'kraken', endpoint: 'https://kraken.example' };
const GECKO: RateSource = { type: 'coin_gecko', endpoint: 'https://gecko.example/api/v3/' };
const GENERIC: RateSource = { type: 'generic', endpoint: 'https://prices.example/v1', apiKeySecret: 'hunter2' };

function setUp(sources: readonly RateSource[] = [KRAKEN, GECKO]) {
  const clock = manualClock(1_800_000_000);
  const prices: Record<string, number | string | undefined> = { kraken: 100_000, gecko: 101_000, prices: '99000.5' };
  const asked: string[] = [];
  const logged: unknown[] = [];
  const kept = new Map<Coin, CachedPrice>();
  const fetchText = (url: string, _timeoutMs: number, headers: Readonly<Record<string, string>>): Promise<string> => {
    const name = new URL(url).hostname.split('.')[0] ?? '';
    asked.push(url + (headers.authorization ?? ''));
    const price = prices[name];
    if (price === undefined) return Promise.reject(new Error('down'));
    if (name === 'kraken') return Promise.resolve(`{"error":[],"result":{"XXBTZUSD":{"c":["${price}","0.1"]}}}`);
    return Promise.resolve(name === 'gecko' ? `{"bitcoin":{"usd":${price}}}` : `{"data":{"price":"${price}"}}`);
  };
  const note = (line: object) => logged.push(line);
  const rates = exchangeRates({
    sources,
    ttlS: 300,
    clock,
    log: { warn: note, error: note },
    fetchText,
    cache: {
      read: (coin) => Promise.resolve(kept.get(coin)),
      write: (coin, cached) => Promise.resolve(void kept.set(coin, cached)),
    },
  });
  return { clock, prices, asked, logged, oneBtc: () => rates.usdMicros('BTC', 10n ** 8n), rates };
}

describe('what a payment costs', () => {
  it('is asked of the first source that answers, and kept for as long as it may be', async () => {
    const { clock, prices, asked, oneBtc } = setUp();
    expect(await oneBtc()).toBe(100_000_000_000n);
    clock.advance(299);
    expect(await oneBtc()).toBe(100_000_000_000n);
    expect(asked).toHaveLength(1);
    clock.advance(1);
    prices.kraken = undefined;
    expect(await oneBtc()).toBe(101_000_000_000n);
  });

  it('is asked for once by all who want it at once', async () => {
    const { asked, oneBtc } = setUp();
    await Promise.all([oneBtc(), oneBtc(), oneBtc()]);
    expect(asked).toEqual(['https://kraken.example/0/public/Ticker?pair=XBTUSD']);
  });

  it('is refused when no source answers, however recent the last price', async () => {
    const { clock, prices, oneBtc } = setUp();
    await oneBtc();
    Object.assign(prices, { kraken: undefined, gecko: undefined });
    clock.advance(300);
    await expect(oneBtc()).rejects.toMatchObject({ code: 'price_unavailable', retryable: true });
  });

  it('is refused when it jumps by more than half within an hour and nobody else says so', async () => {
    const { clock, prices, logged, oneBtc } = setUp();
    await oneBtc();
    prices.kraken = 40_000;
    prices.gecko = undefined;
    clock.advance(301);
    await expect(oneBtc()).rejects.toMatchObject({ code: 'price_unavailable' });
    expect(logged).toContainEqual(expect.objectContaining({ alert: 'price' }));
    prices.gecko = 41_000;
    expect(await oneBtc()).toBe(41_000_000_000n);
  });

  it('may be anything when the last price is older than an hour', async () => {
    const { clock, prices, oneBtc } = setUp();
    await oneBtc();
    prices.kraken = 10_000;
    clock.advance(3601);
    expect(await oneBtc()).toBe(10_000_000_000n);
  });

  it('is asked again when the clock was set back', async () => {
    const { clock, asked, oneBtc } = setUp();
    await oneBtc();
    clock.advance(-3600);
    await oneBtc();
    expect(asked).toHaveLength(2);
  });

  it.each(['0', '-5', 'hunter2', '1e9'])('is no price when a source says %s', async (price) => {
    const { prices, oneBtc } = setUp([KRAKEN]);
    prices.kraken = price;
    await expect(oneBtc()).rejects.toMatchObject({ code: 'price_unavailable' });
  });

  it('is asked with the key of the source, which no log sees', async () => {
    const { prices, asked, logged, oneBtc } = setUp([GENERIC]);
    expect(await oneBtc()).toBe(99_000_500_000n);
    expect(asked).toEqual(['https://prices.example/v1?base=BTC&quote=USDBearer hunter2']);
    const { prices: others, logged: lines, oneBtc: again } = setUp([GENERIC]);
    others.prices = undefined;
    await expect(again()).rejects.toThrow();
    expect(JSON.stringify([logged, lines, prices])).not.toContain('hunter2');
  });

  it('is nothing to ask for in dollars', async () => {
    const { rates, asked } = setUp();
    expect(await rates.usdMicros('USD', 7n)).toBe(7n);
    expect(asked).toEqual([]);
  });
});
