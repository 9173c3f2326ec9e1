import type { Clock } from '@caravel/domain';
import { PayError } from '@caravel/pay-protocol';
import { fetchBounded } from '@caravel/service';
import type { Logger } from '@caravel/service';
import { usdMicrosOf, within } from './price.js';
import type { Price } from './price.js';
import type { CachedPrice, RateCache } from './rate-cache.js';
import { rateUrl, readPrice } from './rate-source.js';
import type { Coin, RateSource } from './rate-source.js';

/** What payments cost in dollars. */
export interface ExchangeRates {
  /**
   * Millionths of a dollar, rounded up, of an amount in a coin's base units; of `USD` in millionths already. Throws a PayError
   * `price_unavailable` when there is no price that can be trusted now.
   */
  usdMicros: (coin: Coin | 'USD', amount: bigint) => Promise<bigint>;
}

/**
 * Sources are asked in order, each at most 3 s; the first price that is plausible counts. One that is more than 50 % off the
 * last good one of the past hour needs another source within 5 % of it. A price is used only while now < fetched + ttl.
 */
export function exchangeRates({
  sources,
  ttlS,
  cache,
  clock,
  log,
  fetchText = fetchBounded,
}: RatesDeps): ExchangeRates {
  const ask = async (source: RateSource, coin: Coin): Promise<Price | undefined> => {
    try {
      return readPrice(source, coin, await fetchText(rateUrl(source, coin), TIMEOUT_MS, headersOf(source)));
    } catch (error) {
      log.warn({ err: error, source: source.type, coin }, 'a price source did not answer');
      return undefined;
    }
  };

  const fetchPrice = async (coin: Coin, last: CachedPrice | undefined): Promise<CachedPrice> => {
    const fetchedAtMs = clock.now().getTime();
    const doubtful: { price: Price; source: string }[] = [];
    for (const source of sources) {
      const price = await ask(source, coin);
      if (price === undefined) continue;
      const isRecent = last !== undefined && fetchedAtMs - last.fetchedAtMs <= HOUR_MS;
      const isPlausible = !isRecent || within(50n, last.price, price);
      if (isPlausible || doubtful.some((other) => within(5n, other.price, price))) {
        return { price, source: source.type, fetchedAtMs };
      }
      doubtful.push({ price, source: source.type });
    }
    if (doubtful.length > 0) log.error({ alert: 'price', coin, sources: doubtful.length }, 'a price is not believed');
    throw new PayError('price_unavailable', `there is no price of ${coin} that can be trusted now`, {
      hint: sources.length === 0 ? 'Configure [[exchange_rate.sources]]' : 'Ask again in a moment',
    });
  };

  // Whoever asks meanwhile waits for the same answer.
  const underWay = new Map<Coin, Promise<CachedPrice>>();
  const refresh = (coin: Coin, last: CachedPrice | undefined): Promise<CachedPrice> => {
    const running = underWay.get(coin);
    if (running) return running;
    const fetching = fetchPrice(coin, last)
      .then(async (fresh) => {
        await cache.write(coin, fresh);
        return fresh;
      })
      .finally(() => underWay.delete(coin));
    underWay.set(coin, fetching);
    return fetching;
  };

  return {
    usdMicros: async (coin, amount) => {
      if (coin === 'USD') return amount;
      const cached = await cache.read(coin);
      const nowMs = clock.now().getTime();
      // A price from the future, after the clock was set back, is not fresh.
      const isFresh = cached !== undefined && nowMs < cached.fetchedAtMs + ttlS * 1000 && nowMs >= cached.fetchedAtMs;
      const { price } = isFresh ? cached : await refresh(coin, cached);
      return usdMicrosOf(amount, price, UNITS_PER_COIN[coin]);
    },
  };
}

const headersOf = ({ apiKeySecret }: RateSource): Record<string, string> =>
  apiKeySecret === undefined ? {} : { authorization: `Bearer ${apiKeySecret}`, 'x-api-key': apiKeySecret };

const UNITS_PER_COIN: Readonly<Record<Coin, bigint>> = { BTC: 10n ** 8n, ETH: 10n ** 18n, SOL: 10n ** 9n };
const TIMEOUT_MS = 3_000;
const HOUR_MS = 3_600_000;

interface RatesDeps {
  sources: readonly RateSource[];
  /** How long a price is used; at least 1. */
  ttlS: number;
  cache: RateCache;
  clock: Clock;
  log: Pick<Logger, 'warn' | 'error'>;
  fetchText?: (url: string, timeoutMs: number, headers: Readonly<Record<string, string>>) => Promise<string>;
}
