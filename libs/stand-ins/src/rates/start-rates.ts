import { type Clock, systemClock, unixSeconds } from '@caravel/domain';
import { z } from 'zod';

import type { HttpAnswer, ListenAt } from '../http-server.js';
import { type HttpCall, startHttpStandIn } from '../http-stand-in.js';
import type { StandIn } from '../stand-in.js';

const SOURCES = ['coinbase', 'kraken', 'coingecko'] as const;
export type RateSource = (typeof SOURCES)[number];
const priceSchema = z.strictObject({ cents: z.int().positive(), source: z.enum(SOURCES).optional() });

/**
 * The price of a bitcoin in US dollars as three public sources answer it, each under its real path. Subjects of faults are
 * `GET /v2/prices/BTC-USD/spot` and so on. Action `set-price {cents, source?}`: one source may disagree with the others.
 */
export async function startRates(options: RatesOptions = {}): Promise<RatesStandIn> {
  const clock = options.clock ?? systemClock;
  const prices = new Map<RateSource, number>();
  const setPrice = (cents: number, source?: RateSource) => {
    for (const each of source ? [source] : SOURCES) prices.set(each, cents);
  };
  setPrice(options.centsPerBtc ?? 10_000_000);

  const http = await startHttpStandIn({
    clock,
    at: options.at,
    answer: (call) => {
      const source = SOURCES.find((each) => PATHS[each].split('?')[0] === call.path);
      if (!source || call.method !== 'GET') return { status: 404, body: { error: 'not found' } };
      return ANSWERS[source](call, { cents: prices.get(source) ?? 0, nowS: unixSeconds(clock.now()) });
    },
  });
  const url = `http://${http.address}`;
  return {
    url,
    urls: { coinbase: url + PATHS.coinbase, kraken: url + PATHS.kraken, coingecko: url + PATHS.coingecko },
    setPrice,
    faults: http.faults,
    calls: http.calls,
    ledger: () => Object.fromEntries(prices),
    actions: {
      'set-price': (argument) => {
        const { cents, source } = priceSchema.parse(argument);
        setPrice(cents, source);
      },
    },
    stop: http.stop,
  };
}

const PATHS: Record<RateSource, string> = {
  coinbase: '/v2/prices/BTC-USD/spot',
  kraken: '/0/public/Ticker?pair=XBTUSD',
  coingecko: '/api/v3/simple/price?ids=bitcoin&vs_currencies=usd',
};

const dollars = (cents: number): string => (cents / 100).toFixed(2);

const ANSWERS: Record<RateSource, (call: HttpCall, price: Price) => HttpAnswer> = {
  coinbase: (_call, { cents }) => ok({ data: { amount: dollars(cents), base: 'BTC', currency: 'USD' } }),
  // Kraken answers errors with 200 as well.
  kraken: ({ query }, { cents }) =>
    query.get('pair') === 'XBTUSD'
      ? ok({ error: [], result: { XXBTZUSD: krakenTicker(`${dollars(cents)}000`) } })
      : ok({ error: ['EQuery:Unknown asset pair'] }),
  coingecko: ({ query }, { cents, nowS }) => {
    if (query.get('ids') !== 'bitcoin' || query.get('vs_currencies') !== 'usd') return ok({});
    const at = query.get('include_last_updated_at') === 'true' ? { last_updated_at: nowS } : {};
    return ok({ bitcoin: { usd: cents / 100, ...at } });
  },
};

const ok = (body: unknown): HttpAnswer => ({ status: 200, body });

/** Ask, bid, last trade, volume, average, trades, low, high, open. */
function krakenTicker(price: string) {
  const [level, day] = [
    [price, '1', '1.000'],
    [price, price],
  ];
  return { a: level, b: level, c: [price, '0.01'], v: ['1.0', '1.0'], p: day, t: [1, 1], l: day, h: day, o: price };
}

interface Price {
  cents: number;
  nowS: number;
}

export interface RatesStandIn extends StandIn {
  /** The full URL of each source, for `RATE_SOURCES`. */
  urls: Record<RateSource, string>;
  /** US cents for one bitcoin; without a source, for all. */
  setPrice: (cents: number, source?: RateSource) => void;
}

interface RatesOptions {
  at?: ListenAt | undefined;
  clock?: Clock | undefined;
  /** Default 10,000,000: a hundred thousand dollars. */
  centsPerBtc?: number | undefined;
}
