import fc from 'fast-check';
import { baseUnitsSchema, positiveAmountSchema } from './base-units.js';
import { parseJson } from './lossless-json.js';

describe('base units', () => {
  it('are the same bigint from an integer and from its digits, however large', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 78n - 1n), (integer) => {
        expect(baseUnitsSchema.parse(parseJson(String(integer)))).toBe(integer);
        expect(baseUnitsSchema.parse(String(integer))).toBe(integer);
      }),
    );
  });

  it.each(['-1', '1.5', '"1e3"', '"-1"', '"0x10"', '" 1"', '""', 'true', 'null', '1e400', `${10n ** 78n}`])(
    'refuse %s',
    (text) => {
      expect(baseUnitsSchema.safeParse(parseJson(text)).success).toBe(false);
    },
  );

  it('refuse a number that has already lost digits', () => {
    expect(baseUnitsSchema.safeParse(2 ** 53).success).toBe(false);
  });

  it('refuse zero where somebody is paid', () => {
    expect(positiveAmountSchema.safeParse({ value: 0, token: 'sats' }).success).toBe(false);
    expect(positiveAmountSchema.parse({ value: '1', token: 'sats' })).toEqual({ value: 1n, token: 'sats' });
  });
});
