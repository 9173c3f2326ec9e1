import { setTimeout as sleep } from 'node:timers/promises';
import { billingAccount } from '@caravel/contracts';
import type { Pubkey } from '@caravel/domain';
import { bellRinger } from '@caravel/queue';
import type { BellRinger } from '@caravel/queue';
import { luckOf } from '@caravel/testing';
import { openFireWorld } from '../fire-world.js';
import { testLog } from '../service.js';
import { arrive } from './arrive.js';
import { commitCutter } from './commit-cutter.js';
import { giveCards } from './give-cards.js';
import { bookOf } from './proof-book.js';
import type { Judgement } from './proof-book.js';
import { settleDown } from './settle-down.js';
import { survivors } from './survivors.js';
import { makeTrouble } from './trouble.js';
import type { TroubleCounts, TroubleDeps } from './trouble.js';

const MONTH_MS = 31 * 86_400_000;
const MAX_TENANTS = 500;

/**
 * Months of tenants, whose invoices a real service collects while it is killed and everything around it fails. Afterwards
 * each invoice must be paid by exactly one payment that left a wallet or a card, and the books must be right. `seed` decides
 * what trouble is made, in which order; at which instruction it meets a process is the machine's.
 */
export async function prove({ invoices, redisUrl, seed, budgetMs = Infinity, say }: ProofOptions): Promise<Proof> {
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1000);
  const world = await openFireWorld();
  const cutter = await commitCutter({ databaseUrl: world.environment.DATABASE_URL, random: luckOf(seed + 1) });
  const service = survivors({ ...world.environment, DATABASE_URL: cutter.url, REDIS_URL: redisUrl });
  const ringer = { databaseUrl: world.environment.DATABASE_URL, redisUrl };
  const bells = bellRinger(ringer, { log: testLog, clock: world.clock });
  const counts = { kills: 0, emptied: 0, lost: 0, late: 0 };
  const random = luckOf(seed);
  const trouble: TroubleDeps = { world, service, cutter, redisUrl, random, counts };
  const book = bookOf(world);
  const done = async (): Promise<boolean> => {
    await giveCards(world, bells);
    return book.isQuiet();
  };
  const told = () => ({ ...counts, cut: cutter.state.cuts, seconds: seconds() });
  try {
    const tenants = await arrive(world, Math.min(MAX_TENANTS, Math.ceil(invoices / 2)));
    say(`${tenants.length} tenants have come, ${seconds()} s`);
    await service.start();
    for (let cut = 0; cut < invoices && performance.now() - startedAt < budgetMs; cut = await book.cut()) {
      if (cut > 0) world.clock.shiftMs += MONTH_MS;
      service.shift(world.clock.shiftMs);
      await Promise.all([makeTrouble(trouble, { until: done }), ringAtRandom(tenants, { bells, random })]);
      await settleDown(trouble, { book, bells });
      say(progress(await book.cut(), invoices, told()));
    }
    return { invoices: await book.cut(), ...(await book.judge(service.state)), counts: told() };
  } finally {
    await service.stop();
    await bells.close();
    await cutter.close();
    await world.close();
  }
}

const progress = (
  cut: number,
  wanted: number,
  { kills, emptied, cut: cuts, lost, late, seconds }: ProofCounts,
): string =>
  `${cut} of ${wanted} invoices · ${kills} kills · Redis emptied ${emptied} times · ${cuts} connections cut at COMMIT · ` +
  `${lost} answers lost, ${late} late · ${seconds} s`;

async function ringAtRandom(
  tenants: readonly Pubkey[],
  { bells, random }: { bells: BellRinger; random: () => number },
): Promise<void> {
  for (let rung = 0; rung < tenants.length; rung += 5) {
    const tenant = tenants[Math.floor(random() * tenants.length)];
    if (tenant) await bells.ring(billingAccount, { tenantPubkey: tenant });
    await sleep(50);
  }
}

export interface ProofOptions {
  invoices: number;
  redisUrl: string | undefined;
  seed: number;
  budgetMs?: number;
  say: (line: string) => void;
}

export interface ProofCounts extends TroubleCounts {
  /** Connections to PostgreSQL that were cut at their COMMIT. */
  cut: number;
  seconds: number;
}

export interface Proof extends Judgement {
  invoices: number;
  counts: ProofCounts;
}
