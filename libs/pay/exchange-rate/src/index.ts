export { exchangeRates } from './exchange-rates.js';
export type { ExchangeRates } from './exchange-rates.js';
export { rateCache } from './rate-cache.js';
export type { CachedPrice, RateCache } from './rate-cache.js';
export { COINS, DEFAULT_SOURCES } from './rate-source.js';
export type { Coin, RateSource } from './rate-source.js';
