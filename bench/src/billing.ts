// The set-based period close against a loop of one transaction per tenant, over tenants with three relays each.
//   npm run bench -- billing             the close of 1k, 10k and 100k tenants; the loop over 5k more of the 100k's database
//   npm run bench -- billing --small     a tenth of each
import { checkLedger } from '@caravel/billing-data-access';
import { manualClock } from '@caravel/domain';
import { openDatabase } from '@caravel/platform-data-access';
import { booksOf, rowCount } from './billing/books.js';
import { closeSetBased } from './billing/close.js';
import { closeInLoop } from './billing/loop.js';
import { memoryGrowthMiB, seconds } from './billing/measure.js';
import { runningClock } from './billing/running-clock.js';
import { FIRST_S, LATER_S } from './billing/seed.js';
import { startServer } from './billing/server.js';
import type { Server } from './billing/server.js';
import { metric } from './metric.js';

/** Two for each of two cores: while one waits for the disk or the counter, another works. More of them only get in each other's way. */
const CLOSERS = 4;
const BATCH = 500;
const LOOP_CONNECTIONS = 8;
/** So short that the median of some runs is taken. */
const SMALL_RUNS = 5;
const scale = process.argv.includes('--small') ? 0.1 : 1;
const [SMALL, MIDDLE, LARGE] = [1_000 * scale, 10_000 * scale, 100_000 * scale];
const SAMPLE = 5_000 * scale;
let databases = 0;

const ours = (url: string, clock = runningClock(FIRST_S)) =>
  closeSetBased(url, { closers: CLOSERS, batch: BATCH, clock });
const theirs = (url: string, clock = runningClock(LATER_S)) =>
  closeInLoop(url, { connections: LOOP_CONNECTIONS, clock });

/** Both once on the same small books, at one moment: they must write the same. It also pays for compiling. */
async function compareBooks(server: Server): Promise<void> {
  const books: string[] = [];
  for (const [name, close] of Object.entries({ ours, theirs })) {
    const url = await server.seeded(name, { first: SMALL, later: 0 });
    await close(url, manualClock(FIRST_S));
    books.push(await booksOf(url));
    const database = openDatabase(url, { max: 1 });
    const problems = await checkLedger(database.client).finally(() => database.close());
    metric(`billing.${name}.ledger_problems`, problems.length, { unit: 'rows', target: { max: 0 } });
  }
  metric('billing.same_rows', Number(books[0] === books[1]), { unit: '(1 = yes)', target: { min: 1 } });
}

async function closeOf(server: Server, tenants: number, later = 0): Promise<Closed> {
  const url = await server.seeded(`close_${++databases}`, { first: tenants, later });
  let tookS = 0;
  const growthMiB = await memoryGrowthMiB(async () => (tookS = await seconds(() => ours(url))));
  return { url, tookS, growthMiB };
}

function showClose(tenants: number, tookS: number): void {
  metric(`billing.close.${tenants}`, tookS, { unit: `s (${Math.round(tenants / tookS)} tenants/s)` });
}

async function medianCloseS(server: Server, tenants: number): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < SMALL_RUNS; run++) times.push((await closeOf(server, tenants)).tookS);
  return times.sort((a, b) => a - b)[Math.floor(SMALL_RUNS / 2)] ?? 0;
}

async function closeAgain({ url, tookS }: Closed): Promise<void> {
  const before = await rowCount(url);
  const againS = await seconds(() => ours(url));
  metric('billing.close.again', againS / tookS, { unit: '× of the close', target: { max: 0.2 } });
  metric('billing.close.again_rows', (await rowCount(url)) - before, { unit: 'rows', target: { max: 0 } });
}

/** In the same database after the close: caches are warm and the pages of the first change after a checkpoint are written. */
async function compareLoop({ url, tookS }: Closed): Promise<void> {
  const loopS = await seconds(() => theirs(url));
  metric(`billing.loop.${SAMPLE}`, loopS, { unit: `s (${Math.round(SAMPLE / loopS)} tenants/s)` });
  metric('billing.close.times_the_loop', loopS / SAMPLE / (tookS / LARGE), { unit: '×', target: { min: 10 } });
}

const server = await startServer();
try {
  await compareBooks(server);
  const smallS = await medianCloseS(server, SMALL);
  showClose(SMALL, smallS);
  showClose(MIDDLE, (await closeOf(server, MIDDLE)).tookS);
  const large = await closeOf(server, LARGE, SAMPLE);
  showClose(LARGE, large.tookS);
  await closeAgain(large);
  await compareLoop(large);
  const slope = Math.log(large.tookS / smallS) / Math.log(LARGE / SMALL);
  metric('billing.close.slope', slope, { unit: `from ${SMALL} to ${LARGE} tenants`, target: { max: 1.05 } });
  metric('billing.close.memory_growth', large.growthMiB, {
    unit: `MiB in the second half of ${LARGE}`,
    target: { max: 32 },
  });
} finally {
  await server.stop();
}

interface Closed {
  url: string;
  tookS: number;
  growthMiB: number;
}
