import { api } from '@caravel/api-contract';
import { queueBackends } from '@caravel/testing';
import { runFuzz } from './testing/fuzz/run-fuzz.js';
import type { FuzzResult } from './testing/fuzz/run-fuzz.js';

const REQUESTS = 20_000;
/** One run is one seed; `npm run fuzz -- api` takes others. */
const SEED = 98;

describe('20,000 requests made from the document', () => {
  let result: FuzzResult;
  beforeAll(async () => {
    const redisUrl = queueBackends().find(({ name }) => name === 'redis')?.redisUrl;
    result = await runFuzz({ requests: REQUESTS, seed: SEED, redisUrl, say: () => undefined });
    process.stdout.write(
      `fuzz: ${result.tally.line(REQUESTS)}, ${Math.round(result.stalls.maxMs)} ms at most in one turn\n`,
    );
  }, 600_000);

  it('meet no 5xx, no answer that the document does not tell of, and no planted secret anywhere', () => {
    expect(result.problems).toEqual([]);
    expect(result.tally.sent()).toBeGreaterThanOrEqual(REQUESTS);
  });

  it('stop the event loop for 200 ms not once', () => {
    expect(result.stalls.stalls).toEqual([]);
  });

  it.each(Object.keys(api))('get behind the rules of %s', (name) => {
    expect(result.tally.of(name).done).toBeGreaterThan(0);
  });
});
