import { type RatesStandIn, startRates } from './start-rates.js';

let rates: RatesStandIn;
beforeEach(async () => {
  rates = await startRates({ centsPerBtc: 9_712_345 });
});
afterEach(() => rates.stop());
const get = async (url: string) => (await fetch(url)).json();

test('each source answers in its own shape', async () => {
  expect(await get(rates.urls.coinbase)).toEqual({ data: { amount: '97123.45', base: 'BTC', currency: 'USD' } });
  expect(await get(rates.urls.kraken)).toMatchObject({
    error: [],
    result: { XXBTZUSD: { a: ['97123.45000', '1', '1.000'], c: ['97123.45000', '0.01'] } },
  });
  expect(await get(rates.urls.coingecko)).toEqual({ bitcoin: { usd: 97_123.45 } });
});

test('one source can be made to disagree', async () => {
  rates.actions['set-price']?.({ cents: 5_000_000, source: 'kraken' });
  expect(await get(rates.urls.kraken)).toMatchObject({ result: { XXBTZUSD: { o: '50000.00000' } } });
  expect(await get(rates.urls.coinbase)).toMatchObject({ data: { amount: '97123.45' } });
  rates.setPrice(1_000_000);
  expect(await get(rates.urls.coingecko)).toEqual({ bitcoin: { usd: 10_000 } });
});

test('a wrong question gets what the real one answers', async () => {
  expect(await get(`${rates.url}/0/public/Ticker?pair=NONE`)).toEqual({ error: ['EQuery:Unknown asset pair'] });
  expect(await get(`${rates.url}/api/v3/simple/price?ids=x`)).toEqual({});
  expect((await fetch(`${rates.url}/elsewhere`)).status).toBe(404);
});
