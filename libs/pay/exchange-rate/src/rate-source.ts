import { parseJson } from '@caravel/pay-protocol';
import { z } from 'zod';
import { parsePrice } from './price.js';
import type { Price } from './price.js';

/** What has a price; dollars themselves are 1. */
export const COINS = ['BTC', 'ETH', 'SOL'] as const;
export type Coin = (typeof COINS)[number];

/** A source as `[[exchange_rate.sources]]` of config.toml names it. */
export interface RateSource {
  type: 'kraken' | 'coin_gecko' | 'generic';
  endpoint: string;
  apiKeySecret?: string | undefined;
}

export const DEFAULT_SOURCES: readonly RateSource[] = [
  { type: 'kraken', endpoint: 'https://api.kraken.com' },
  { type: 'coin_gecko', endpoint: 'https://api.coingecko.com/api/v3' },
];

/** Where a source says what a coin costs. */
export function rateUrl({ type, endpoint }: RateSource, coin: Coin): string {
  const base = endpoint.replace(/\/+$/, '');
  switch (type) {
    case 'kraken':
      return `${base}/0/public/Ticker?pair=${coin === 'BTC' ? 'XBT' : coin}USD`;
    case 'coin_gecko':
      return `${base}/simple/price?ids=${GECKO_IDS[coin]}&vs_currencies=usd`;
    case 'generic':
      return `${base}${base.includes('?') ? '&' : '?'}base=${coin}&quote=USD`;
  }
}

/** The price in a source's answer. Throws when there is none that is a number above zero. */
export function readPrice({ type }: RateSource, coin: Coin, body: string): Price {
  const text = ANSWERS[type](coin).parse(parseJson(body));
  const price = parsePrice(text);
  if (price === undefined) throw new RangeError('no price in the answer');
  return price;
}

const GECKO_IDS: Readonly<Record<Coin, string>> = { BTC: 'bitcoin', ETH: 'ethereum', SOL: 'solana' };

const price = z.union([z.string(), z.number().transform(String)]);
const ANSWERS: Readonly<Record<RateSource['type'], (coin: Coin) => z.ZodType<string>>> = {
  // The last trade of the one pair that was asked for, under a name of Kraken's own.
  kraken: () =>
    z
      .object({ result: z.record(z.string(), z.object({ c: z.tuple([price]).rest(z.unknown()) })) })
      .transform(({ result }) => Object.values(result)[0]?.c[0] ?? ''),
  coin_gecko: (coin) =>
    z.object({ [GECKO_IDS[coin]]: z.object({ usd: price }) }).transform((answer) => answer[GECKO_IDS[coin]]?.usd ?? ''),
  generic: () =>
    z.union([
      z.object({ price }).transform((answer) => answer.price),
      z.object({ rate: price }).transform((answer) => answer.rate),
      z.object({ usd_per_base: price }).transform((answer) => answer.usd_per_base),
      z.object({ data: z.object({ price }) }).transform(({ data }) => data.price),
    ]),
};
