import { keyLives, listIsFinal, nextStripeCheck } from './card-schedule.js';

const left = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number) => new Date(left.getTime() + seconds * 1000);

describe('asking Stripe again', () => {
  it.each([
    [0, 5],
    [5, 20],
    [20, 80],
    [80, 380],
    [380, 380 + 900],
    [100_000, 100_900],
  ])('%i s after the request left it is asked at %i s', (now, next) => {
    expect(nextStripeCheck(left, after(now))).toEqual(after(next));
  });

  it('repeats the request for 23 hours, an hour less than the key lives', () => {
    expect(keyLives(left, after(23 * 3600 - 1))).toBe(true);
    expect(keyLives(left, after(23 * 3600))).toBe(false);
  });

  it('believes that a request never got there when none was repeated for an hour', () => {
    expect(listIsFinal(left, after(24 * 3600 - 1))).toBe(false);
    expect(listIsFinal(left, after(24 * 3600))).toBe(true);
  });
});
