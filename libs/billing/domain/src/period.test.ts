import fc from 'fast-check';
import { periodBoundary, periodOf } from './period.js';
import { utc } from './testing/history.js';

const boundaries = (anchor: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => new Date(periodBoundary(utc(anchor), n) * 1000).toISOString().slice(0, 19));

test('a month without the day ends on its last day, and the day comes back afterwards', () => {
  const days = ['2026-01-31T00:00:00', '2026-02-28T00:00:00', '2026-03-31T00:00:00', '2026-04-30T00:00:00'];
  expect(boundaries('2026-01-31', 4)).toEqual(days);
});

test('29 February comes back in leap years only', () => {
  const anchorS = utc('2028-02-29 10:00:00');
  expect(periodBoundary(anchorS, 12)).toBe(utc('2029-02-28 10:00:00'));
  expect(periodBoundary(anchorS, 48)).toBe(utc('2032-02-29 10:00:00'));
  expect(periodBoundary(utc('2099-12-31'), 2)).toBe(utc('2100-02-28'));
});

test('boundaries keep the time of day and cross the year', () => {
  expect(boundaries('2026-11-30 23:59:59', 4)).toEqual([
    '2026-11-30T23:59:59',
    '2026-12-30T23:59:59',
    '2027-01-30T23:59:59',
    '2027-02-28T23:59:59',
  ]);
});

test('boundary 0 is the anchor, later ones are later, and a period ends where the next begins', () => {
  const anchors = fc.integer({ min: utc('1970-01-01'), max: utc('2200-01-01') });
  fc.assert(
    fc.property(anchors, fc.nat(600), (anchorS, index) => {
      const { startS, endS } = periodOf(anchorS, index);
      const days = (endS - startS) / 86_400;
      return (
        periodBoundary(anchorS, 0) === anchorS &&
        days >= 28 &&
        days <= 31 &&
        periodOf(anchorS, index + 1).startS === endS
      );
    }),
    { numRuns: 5000 },
  );
});
