import { fromUnixSeconds, manualClock, unixSeconds } from './clock.js';

describe('clocks', () => {
  it('cuts fractions of a second off', () => {
    expect(unixSeconds(new Date(1_999))).toBe(1);
    expect(fromUnixSeconds(5).getTime()).toBe(5_000);
  });

  it('stand still until they are moved', () => {
    const clock = manualClock(10);
    clock.advance(5);
    expect(unixSeconds(clock.now())).toBe(15);
    clock.set(3);
    expect(unixSeconds(clock.now())).toBe(3);
  });
});
