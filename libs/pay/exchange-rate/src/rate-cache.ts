import type { PayDb } from '@caravel/pay-store';
import { parsePrice, priceText } from './price.js';
import type { Price } from './price.js';
import type { Coin } from './rate-source.js';

export interface CachedPrice {
  price: Price;
  source: string;
  fetchedAtMs: number;
}

/**
 * The newest good price of each coin, shared by all processes of a node. An older one never replaces a newer one, unless that is
 * more than an hour ahead: then a clock was set back.
 */
export interface RateCache {
  read: (coin: Coin) => Promise<CachedPrice | undefined>;
  write: (coin: Coin, cached: CachedPrice) => Promise<void>;
}

export function rateCache(db: PayDb): RateCache {
  return {
    read: async (coin) => {
      const [row] = await db.query(READ, [pairOf(coin)]);
      const price = parsePrice(String(row?.price));
      return price === undefined
        ? undefined
        : { price, source: String(row?.source), fetchedAtMs: Number(row?.fetched_at_ms) };
    },
    write: async (coin, { price, source, fetchedAtMs }) => {
      await db.query(WRITE, [pairOf(coin), source, priceText(price), fetchedAtMs]);
    },
  };
}

const pairOf = (coin: Coin): string => `${coin}/USD`;
const READ = 'SELECT source, price, fetched_at_ms FROM exchange_rate_cache WHERE pair = $1';
const WRITE = `INSERT INTO exchange_rate_cache (pair, source, price, fetched_at_ms) VALUES ($1, $2, $3, $4)
  ON CONFLICT (pair) DO UPDATE SET source = excluded.source, price = excluded.price, fetched_at_ms = excluded.fetched_at_ms
  WHERE excluded.fetched_at_ms >= exchange_rate_cache.fetched_at_ms
    OR exchange_rate_cache.fetched_at_ms > excluded.fetched_at_ms + 3600000`;
