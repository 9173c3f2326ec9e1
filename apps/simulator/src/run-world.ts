import { createTestDatabase } from '@caravel/testing';
import type { Findings } from './audit.js';
import type { WorldPlan } from './options.js';
import { shrink } from './shrink.js';
import { simulate } from './simulate.js';
import type { Outcome } from './simulate.js';

/** Runs one world on a database of its own. */
export async function runWorld(plan: WorldPlan, extra: Extra = {}): Promise<Outcome> {
  const database = await createTestDatabase();
  try {
    return await simulate({ ...plan, ...extra, database });
  } finally {
    await database.drop();
  }
}

/** Everything that must not be, of one run. */
export const problemsOf = ({ doubleCharges, lostCharges, stuckAttempts, differences }: Findings): string[] => [
  ...doubleCharges,
  ...lostCharges,
  ...stuckAttempts,
  ...differences,
];

/** A run that fails with as few deeds as could be found, and what happened in it. */
export async function shrinkWorld(plan: WorldPlan, { deeds }: Outcome, maxRuns: number): Promise<Outcome> {
  const without = (kept: readonly string[]) => {
    const keep = new Set(kept);
    return new Set(deeds.filter((id) => !keep.has(id)));
  };
  const fails = async (kept: readonly string[]): Promise<boolean> =>
    problemsOf((await runWorld(plan, { skip: without(kept) })).findings).length > 0;
  return runWorld(plan, { skip: without(await shrink(deeds, { fails, maxRuns })) });
}

type Extra = Partial<Pick<Parameters<typeof simulate>[0], 'skip' | 'onDay'>>;
