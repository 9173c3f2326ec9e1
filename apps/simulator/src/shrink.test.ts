import { shrink } from './shrink.js';

const deeds = ['1:0', '1:1', '1:2', '2:0', '2:1', '3:0', 'crash:0', 'crash:1', 'crash:2', 'outage:0'];

describe('shrink', () => {
  it('keeps only what is needed to fail', async () => {
    const fails = (kept: readonly string[]) => Promise.resolve(kept.includes('2:1') && kept.includes('crash:1'));
    expect(await shrink(deeds, { fails, maxRuns: 100 })).toEqual(['2:1', 'crash:1']);
  });

  it('never answers a run that did not fail, and runs no more often than it may', async () => {
    let runs = 0;
    const fails = (kept: readonly string[]) => {
      runs += 1;
      return Promise.resolve(kept.length >= 7);
    };
    expect((await shrink(deeds, { fails, maxRuns: 12 })).length).toBeGreaterThanOrEqual(7);
    expect(runs).toBeLessThanOrEqual(12);
  });

  it('keeps everything when everything is needed', async () => {
    const fails = (kept: readonly string[]) => Promise.resolve(kept.length === deeds.length);
    expect(await shrink(deeds, { fails, maxRuns: 100 })).toEqual(deeds);
  });
});
