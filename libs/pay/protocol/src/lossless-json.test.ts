import fc from 'fast-check';
import { parseJson, stringifyJson } from './lossless-json.js';

/** As a parser that rounds would have it. */
const rounded = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));

describe('lossless JSON', () => {
  it('keeps every digit of every integer', () => {
    for (const around of [2n ** 53n, 2n ** 63n, 2n ** 64n, 10n ** 30n]) {
      for (const integer of [around - 1n, around, around + 1n]) {
        expect(stringifyJson(parseJson(`{"value":${integer}}`))).toBe(`{"value":${integer}}`);
      }
    }
  });

  it('reads what JSON.parse reads, wherever that loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(rounded(parseJson(text))).toBe(rounded(JSON.parse(text)));
      }),
    );
  });

  it('reads a text the same way whether it has long numbers or none', () => {
    for (const long of ['1', '12345678901234567890']) {
      expect(parseJson(`{"a":1,"b":[-0,1.5,1e3,"\\u00e9"],"a":2,"long":${long}}`)).toMatchObject({
        a: 2,
        b: [-0, 1.5, 1000, 'é'],
      });
    }
  });

  it('says where a text is wrong and never what it says', () => {
    for (const text of [
      '{"password_secret":"hunter2",}',
      'hunter2',
      '{"a":hunter2}',
      '["hunter2" "x"]',
      '',
      '[1234567890123456,hunter2]',
    ]) {
      const read = () => parseJson(text);
      expect(read).toThrow(/^not valid JSON/);
      expect(read).not.toThrow(/hunter2/);
    }
  });
});
