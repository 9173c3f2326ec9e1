import { rateUrl, readRate } from './rate-sources.js';

describe('a rate source', () => {
  it('is a known name or a URL', () => {
    expect(rateUrl('kraken')).toMatch(/^https:\/\/api\.kraken\.com\//);
    expect(rateUrl('http://127.0.0.1:9/some/path?q=1')).toBe('http://127.0.0.1:9/some/path?q=1');
    for (const wrong of ['bitstamp', '', 'file:///etc/passwd', 'ftp://host/']) expect(rateUrl(wrong)).toBeUndefined();
  });

  it.each([
    ['coinbase', '{"data":{"amount":"97123.456","base":"BTC","currency":"USD"}}', 9_712_345n],
    ['kraken', '{"error":[],"result":{"XXBTZUSD":{"a":["1","1","1"],"c":["97123.40000","0.1"]}}}', 9_712_340n],
    ['coingecko', '{"bitcoin":{"usd":97123}}', 9_712_300n],
  ])('%s is read to the cent', (_, body, cents) => {
    expect(readRate(body)).toBe(cents);
  });

  it.each([
    '',
    'null',
    '{}',
    '[]',
    '{"error":["EQuery:Unknown asset pair"]}',
    '{"data":{"amount":"0"}}',
    '{"data":{"amount":"-5"}}',
    '{"data":{"amount":"1e9"}}',
    '{"bitcoin":{"usd":"NaN"}}',
    '{"result":{}}',
  ])('%j holds no price', (body) => {
    expect(() => readRate(body)).toThrow();
  });
});
