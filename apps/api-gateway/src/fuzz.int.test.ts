import { api } from '@caravel/api-contract';
import { runFuzzProcess } from './testing/fuzz/fuzz-process.js';
import type { FuzzReport } from './testing/fuzz/fuzz-report.js';

const REQUESTS = 20_000;
/** One run is one seed; `npm run fuzz -- api` takes others. */
const SEED = 98;

describe('20,000 requests made from the document', () => {
  let report: FuzzReport;
  beforeAll(async () => {
    report = await runFuzzProcess({ requests: REQUESTS, seed: SEED });
    process.stdout.write(`fuzz: ${report.line}\n`);
  }, 600_000);

  it('meet no 5xx, no answer that the document does not tell of, and no planted secret anywhere', () => {
    expect(report.problems).toEqual([]);
    expect(report.sent).toBeGreaterThanOrEqual(REQUESTS);
  });

  it('stop the event loop for 200 ms not once', () => {
    expect(report.stalls).toEqual([]);
  });

  it.each(Object.keys(api))('get behind the rules of %s', (name) => {
    expect(report.done).toContain(name);
  });
});
