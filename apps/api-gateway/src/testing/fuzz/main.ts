import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { FuzzReport } from './fuzz-report.js';
import { runFuzz } from './run-fuzz.js';

// `npm run fuzz -- api --requests 1000000`; the servers are its caller's. A process of its own also for the test: in jest's modules
// generating and judging takes several times as long as answering.

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});
const seed = Number(values.seed);
const requests = Number(values.requests);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

say(`fuzz of the API: ${requests} requests, seed ${seed}`);
const redisUrl = process.env['TEST_REDIS_URL'];
const { problems, tally, stalls } = await runFuzz({
  requests,
  seed,
  redisUrl,
  say,
  budgetMs: Number(values.minutes) * 60_000,
});
say(tally.line(requests));
say(
  `event loop: ${Math.round(stalls.p99Ms)} ms at the 99th percentile, ${Math.round(stalls.maxMs)} ms at most, ${stalls.stalls.length} stalls over 200 ms`,
);
for (const problem of problems) say(`\n${problem}`);
say(`\n${problems.length + stalls.stalls.length} problems, seed ${seed}`);
const report: FuzzReport = {
  problems,
  stalls: stalls.stalls,
  sent: tally.sent(),
  done: tally.done(),
  line: tally.line(requests),
};
process.send?.(report);
process.exitCode = problems.length + stalls.stalls.length > 0 ? 1 : 0;
