import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultBook } from '@caravel/stand-ins';
import type { FireWorld } from '../fire-world.js';
import type { commitCutter } from './commit-cutter.js';
import { emptyRedis } from './empty-redis.js';
import type { survivors } from './survivors.js';

const CUT_CHANCE = 0.05;
const MAX_TROUBLE_MS = 90_000;
/** So much is committed between two troubles, at most; and so long they wait for it, at most. */
const COMMITS = 200;
const MAX_PAUSE_MS = 4000;
/** One look may fall between two pieces of work. */
const QUIET_LOOKS = 2;
const LOOK_MS = 20;
/** Time goes faster, so that what the dead left is found and resolved while there is still trouble. */
const LEAP_MS = 60_000;

/**
 * Makes trouble until it is told that there is nothing left to disturb: kills the service at random moments, empties Redis, cuts
 * connections at COMMIT, and lets wallets and Stripe lose answers, answer late, or say that they failed when they paid. Ends with
 * everything in order again. How often follows what the service gets done, not the speed of the machine.
 */
export async function makeTrouble(deps: TroubleDeps, { until }: { until: () => Promise<boolean> }): Promise<void> {
  const { world, service, cutter, counts, redisUrl, random } = deps;
  const end = performance.now() + MAX_TROUBLE_MS;
  cutter.state.chance = CUT_CHANCE;
  for (let quiet = 0; performance.now() < end && quiet < QUIET_LOOKS; quiet = (await until()) ? quiet + 1 : 0) {
    const met = setFaults(deps);
    await workGetsDone(deps, Math.ceil(random() * COMMITS));
    met();
    world.clock.shiftMs += Math.floor(random() * LEAP_MS);
    service.shift(world.clock.shiftMs);
    if (random() < 0.5) {
      counts.kills += 1;
      await service.kill();
    } else if (redisUrl !== undefined) {
      counts.emptied += 1;
      await emptyRedis(redisUrl);
    }
  }
  cutter.state.chance = 0;
}

async function workGetsDone({ cutter: { state } }: TroubleDeps, commits: number): Promise<void> {
  const [enough, end] = [state.commits + commits, performance.now() + MAX_PAUSE_MS];
  while (state.commits < enough && performance.now() < end) await sleep(LOOK_MS);
}

/** Answers what clears them and counts those that somebody met. */
function setFaults({ world, random, counts }: TroubleDeps): () => void {
  const some = (): { times: number } => ({ times: 1 + Math.floor(random() * 3) });
  const slow = (): { ms: number } => ({ ms: 300 + Math.floor(random() * 1500) });
  const wallet: Fault[] = [
    { match: 'pay_invoice', mode: 'drop-answer', ...some() },
    { match: 'pay_invoice', mode: 'late', ...slow(), ...some() },
    { match: 'pay_invoice', mode: 'fail', code: 'PAYMENT_FAILED', done: true, ...some() },
    { match: 'pay_invoice', mode: 'hang', ...some() },
  ];
  const card: Fault[] = [
    { match: 'POST /v1/payment_intents', mode: 'drop-answer', ...some() },
    { match: 'POST /v1/payment_intents', mode: 'fail', status: 500, ...some() },
    { match: 'POST /v1/payment_intents', mode: 'late', ...slow(), ...some() },
  ];
  const ours: Fault[] = [{ match: 'lookup_invoice', mode: 'drop-answer', ...some() }];
  const set = (book: FaultBook, list: Fault[]): (() => void) => {
    const chosen = list.filter(() => random() < 0.4);
    book.set(chosen);
    return () => {
      const late = total(chosen, isLate) - total(book.list(), isLate);
      counts.late += late;
      counts.lost += total(chosen) - total(book.list()) - late;
      book.set([]);
    };
  };
  const clear = [set(world.wallet.faults, wallet), set(world.stripe.faults, card), set(world.payee.faults, ours)];
  return () => {
    for (const one of clear) one();
  };
}

const isLate = ({ mode }: Fault): boolean => mode === 'late';

const total = (faults: readonly Fault[], which: (fault: Fault) => boolean = () => true): number =>
  faults.filter(which).reduce((sum, { times = 0 }) => sum + times, 0);

export interface TroubleDeps {
  world: FireWorld;
  service: ReturnType<typeof survivors>;
  cutter: Awaited<ReturnType<typeof commitCutter>>;
  redisUrl: string | undefined;
  random: () => number;
  counts: TroubleCounts;
}

export interface TroubleCounts {
  /** Of the service, by SIGKILL. */
  kills: number;
  /** Redis, of everything. */
  emptied: number;
  /** Answers of wallets, of our own and of Stripe that never came, or that said the opposite of what had happened. */
  lost: number;
  late: number;
}
