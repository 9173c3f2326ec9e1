import { tokenBucket } from './token-bucket.js';

describe('a token bucket', () => {
  const bucket = () => tokenBucket({ perSecond: 10, maxWaitMs: 250 });

  it('lets a burst pass, then one every tenth of a second', () => {
    const { reserve } = bucket();
    for (let i = 0; i < 10; i += 1) expect(reserve(0)).toEqual({ waitMs: 0 });
    expect(reserve(0)).toEqual({ waitMs: 100 });
    expect(reserve(0)).toEqual({ waitMs: 200 });
  });

  it('refuses what would wait too long, and reserves nothing for it', () => {
    const { reserve } = bucket();
    for (let i = 0; i < 12; i += 1) reserve(0);
    expect(reserve(0)).toEqual({ refusedForMs: 300 });
    expect(reserve(0)).toEqual({ refusedForMs: 300 });
    expect(reserve(100)).toEqual({ waitMs: 200 });
  });

  it('never holds more than a second of requests, and does not mind a clock that goes back', () => {
    const { reserve } = bucket();
    reserve(3_600_000);
    const waits = Array.from({ length: 10 }, () => reserve(0));
    expect(waits.filter((wait) => 'waitMs' in wait && wait.waitMs === 0)).toHaveLength(9);
  });

  it('stays closed until the other side wants to be asked again', () => {
    const { reserve, close } = bucket();
    close(1000);
    close(500);
    expect(reserve(0)).toEqual({ refusedForMs: 1000 });
    expect(reserve(900)).toEqual({ waitMs: 100 });
    expect(reserve(1000)).toEqual({ waitMs: 0 });
  });
});
