import { z } from 'zod';

/** Public price endpoints by the name `RATE_SOURCES` calls them. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ['coinbase', 'https://api.coinbase.com/v2/prices/BTC-USD/spot'],
  ['kraken', 'https://api.kraken.com/0/public/Ticker?pair=XBTUSD'],
  ['coingecko', 'https://api.coingecko.com/api/v3/simple/price?ids=bitcoin&vs_currencies=usd'],
]);

/** `RATE_SOURCES` when it is not set. */
export const DEFAULT_RATE_SOURCES = ['coinbase', 'kraken', 'coingecko'];

/** Where a source's price is read: a known name or a URL. Undefined when it is neither. */
export function rateUrl(source: string): string | undefined {
  const known = KNOWN.get(source);
  if (known !== undefined) return known;
  return URL.canParse(source) && /^https?:$/.test(new URL(source).protocol) ? source : undefined;
}

const price = z.union([z.string(), z.number().transform(String)]);

/** The answers of the three known services; another endpoint speaks like one of them. */
const answerSchema = z.union([
  z.object({ data: z.object({ amount: price }) }).transform(({ data }) => data.amount),
  z
    .object({ result: z.record(z.string(), z.object({ c: z.tuple([price]).rest(z.unknown()) })) })
    .transform(({ result }) => Object.values(result)[0]?.c[0] ?? ''),
  z.object({ bitcoin: z.object({ usd: price }) }).transform(({ bitcoin }) => bitcoin.usd),
]);

/** Price of one bitcoin in cents, cut to whole ones, out of a source's answer. Throws when there is none in it. */
export function readRate(body: string): bigint {
  const text = answerSchema.parse(JSON.parse(body));
  const [, dollars, fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(text) ?? [];
  const cents = dollars === undefined ? 0n : BigInt(dollars + fraction.padEnd(2, '0').slice(0, 2));
  if (cents <= 0n) throw new RangeError('no price in the answer');
  return cents;
}
