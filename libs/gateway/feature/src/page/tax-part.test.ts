import { cents } from '@caravel/domain';
import fc from 'fast-check';
import { taxPart } from './tax-part.js';

it.each([
  [1190, '19', 190],
  [500, '19', 80],
  [500, '7.7', 36],
  [500, '0', 0],
  [1_000_000, '0.125', 1248],
])('%i cents include %s %% as %i', (amount, percent, part) => {
  expect(taxPart(cents(amount), percent)).toBe(part);
});

it('is never more than half a cent from the exact part', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 8 }), fc.integer({ min: 0, max: 99_999 }), (amount, thousandths) => {
      const percent = `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`;
      const exact = (amount * thousandths) / (100_000 + thousandths);
      expect(Math.abs(taxPart(cents(amount), percent) - exact)).toBeLessThanOrEqual(0.5 + 1e-6);
    }),
  );
});
