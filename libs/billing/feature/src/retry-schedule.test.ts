import { nextTryAt } from './retry-schedule.js';

const DAY_MS = 86_400_000;
const issuedAt = new Date('2026-01-01T00:00:00Z');
const after = (days: number): number =>
  (nextTryAt(issuedAt, new Date(issuedAt.getTime() + days * DAY_MS)).getTime() - issuedAt.getTime()) / DAY_MS;

describe('the next try of an invoice', () => {
  it.each([
    [0, 1],
    [0.5, 1],
    [1, 3],
    [2.9, 3],
    [3, 5],
    [5, 12],
    [11.9, 12],
    [12, 19],
    [26, 33],
  ])('%d days after issue is on day %d', (now, next) => {
    expect(after(now)).toBe(next);
  });

  it('is always later, whenever billing wakes', () => {
    for (let day = 0; day < 100; day += 0.37) expect(after(day)).toBeGreaterThan(day);
  });
});
