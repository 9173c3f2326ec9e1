import type { Findings } from './audit.js';
import type { Ground } from './ground.js';
import type { WorldPlan } from './options.js';
import { shrink } from './shrink.js';
import { simulate } from './simulate.js';
import type { Outcome } from './simulate.js';

/** Runs one world, on ground where nothing has happened yet. */
export async function runWorld(ground: Ground, plan: WorldPlan, extra: Extra = {}): Promise<Outcome> {
  await ground.clear();
  return simulate({ ...plan, ...extra, ground });
}

/** Everything that must not be, of one run. */
export const problemsOf = ({ doubleCharges, lostCharges, stuckAttempts, differences }: Findings): string[] => [
  ...doubleCharges,
  ...lostCharges,
  ...stuckAttempts,
  ...differences,
];

/** A run that fails with as few deeds as could be found, and what happened in it. */
export async function shrinkWorld(
  ground: Ground,
  { plan, deeds }: { plan: WorldPlan; deeds: readonly string[] },
  { maxRuns, maxMs }: { maxRuns: number; maxMs: number },
): Promise<Outcome> {
  const end = performance.now() + maxMs;
  const without = (kept: readonly string[]) => {
    const keep = new Set(kept);
    return new Set(deeds.filter((id) => !keep.has(id)));
  };
  const fails = async (kept: readonly string[]): Promise<boolean> =>
    performance.now() < end && problemsOf((await runWorld(ground, plan, { skip: without(kept) })).findings).length > 0;
  return runWorld(ground, plan, { skip: without(await shrink(deeds, { fails, maxRuns })) });
}

type Extra = Partial<Pick<Parameters<typeof simulate>[0], 'skip' | 'onDay'>>;
