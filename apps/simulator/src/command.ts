import { openGround } from './ground.js';
import { readOptions, worldsOf } from './options.js';
import { report, sum } from './report.js';
import { problemsOf, runWorld, shrinkWorld } from './run-world.js';
import { runWorlds } from './run-worlds.js';
import type { WorldResult } from './run-worlds.js';

const PROGRESS_MS = 2_000;
const DAYS_A_MONTH = 30.4;
const SHRINK = { maxRuns: 150, maxMs: 240_000 };

/** Runs all worlds, on the servers of whoever calls, and reports. Answers the exit code. */
export async function command(args: readonly string[], { script, say }: Terminal): Promise<number> {
  const options = readOptions(args);
  const { tenants, months, seed, seeds, mood, workers } = options;
  const last = seed + seeds - 1;
  say(`${tenants} ${mood} tenants × ${months} months, ${seeds === 1 ? `seed ${seed}` : `seeds ${seed}–${last}`}`);
  const plans = worldsOf(options);
  const startedAt = performance.now();
  const days = plans.map(() => 0);
  let done = 0;
  const progress = setInterval(() => {
    const share = days.reduce((all, day) => all + day, 0) / (plans.length * months * DAYS_A_MONTH);
    say(
      `${Math.min(99, Math.round(100 * share))} % · ${done} of ${plans.length} worlds · ${secondsSince(startedAt)} s`,
    );
  }, PROGRESS_MS);
  const on = {
    day: (index: number, day: number): void => {
      days[index] = day;
    },
    done: (index: number): void => {
      days[index] = months * DAYS_A_MONTH;
      done += 1;
    },
  };
  const results = await runWorlds(plans, { script, workers, on }).finally(() => {
    clearInterval(progress);
  });

  for (const line of report(sum(results.map(({ findings }) => findings)))) say(line);
  say(`took ${secondsSince(startedAt)} s`);
  const failed = results.find(({ findings }) => problemsOf(findings).length > 0);
  if (failed) await explain(failed, say);
  return failed ? 1 : 0;
}

const secondsSince = (startedAt: number): string => ((performance.now() - startedAt) / 1000).toFixed(1);

/** Prints the shortest run that could be found of a world that failed. */
async function explain({ plan }: WorldResult, say: Terminal['say']): Promise<void> {
  say(`seed ${plan.seed}, world ${plan.world} failed. Looking for a shorter run …`);
  const ground = await openGround();
  try {
    const whole = await runWorld(ground, plan);
    if (problemsOf(whole.findings).length === 0) {
      say('it did not fail again: its order is not decided by the seed alone');
      return;
    }
    const short = await shrinkWorld(ground, { plan, deeds: whole.deeds }, SHRINK);
    say(`${short.deeds.length} of ${whole.deeds.length} deeds are enough:`);
    for (const line of [...short.trace, ...problemsOf(short.findings)]) say(`  ${line}`);
  } finally {
    await ground.close();
  }
}

export interface Terminal {
  /** This program's file: threads start with it too. */
  script: URL;
  say: (line: string) => void;
}
