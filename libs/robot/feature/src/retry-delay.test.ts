import { retryDelayS } from './retry-delay.js';

describe('retryDelayS', () => {
  it('doubles from half a minute to an hour', () => {
    expect([1, 2, 3, 7, 8, 9].map(retryDelayS)).toEqual([30, 60, 120, 1920, 3600, 3600]);
  });

  it('ends when three days have been waited, and not earlier', () => {
    let waitedS = 0;
    let tries = 1;
    for (let delayS = retryDelayS(tries); delayS !== undefined; delayS = retryDelayS(tries)) {
      waitedS += delayS;
      tries += 1;
    }
    expect(waitedS).toBeGreaterThanOrEqual(3 * 86_400);
    expect(waitedS).toBeLessThan(3 * 86_400 + 3600);
    expect(retryDelayS(tries + 1000)).toBeUndefined();
  });
});
