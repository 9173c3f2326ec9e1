import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { openGround } from './ground.js';
import type { Ground } from './ground.js';
import { worldsOf } from './options.js';
import { report, sum } from './report.js';
import { problemsOf, runWorld } from './run-world.js';
import { runWorlds } from './run-worlds.js';

/** As many as the time allows, or all with SIM_SEEDS=200. CI runs 200 beside its tests, by `npm run simulate`. */
const SEEDS = Number(process.env['SIM_SEEDS'] ?? 200);
const BUDGET_S = Number(process.env['SIM_BUDGET_S'] ?? 45);
const BUDGET_MS = process.env['SIM_SEEDS'] ? Infinity : BUDGET_S * 1000;
const FIRST = Number(process.env['SIM_SEED'] ?? 1);
/** Jest may have one worker; threads use the other cores too, and wait for PostgreSQL as long as they work. */
const THREADS = 2 * availableParallelism();

const app = fileURLToPath(new URL('..', import.meta.url));
const script = new URL('../dist/main.mjs', import.meta.url);

describe('20 tenants for 6 months, with crashes, outages, and wallets and cards of all kinds', () => {
  it('nobody is charged twice, no charge is lost, no attempt is stuck, and the books are the world’s', async () => {
    execFileSync(process.execPath, ['../../tools/bundle.mjs'], { cwd: app });
    const startedAt = performance.now();
    let failed = false;
    const plans = worldsOf({ tenants: 20, months: 6, mood: 'rough', seed: FIRST, seeds: SEEDS });
    const results = await runWorlds(plans, {
      script,
      workers: THREADS,
      isOver: () => failed || performance.now() - startedAt > BUDGET_MS,
      on: {
        day: () => undefined,
        done: (_, { findings }) => {
          failed ||= problemsOf(findings).length > 0;
        },
      },
    });
    const all = sum(results.map(({ findings }) => findings));
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    process.stdout.write(
      `seeds ${FIRST}–${FIRST + results.length - 1} (${results.length} of ${SEEDS} in ${seconds} s): ${report(all).join('; ')}\n`,
    );
    for (const { plan, findings } of results)
      expect({ seed: plan.seed, problems: problemsOf(findings) }).toEqual({ seed: plan.seed, problems: [] });
    for (const kind of ['crashes', 'paid', 'failed', 'recut', 'byWallet', 'byHand', 'byCard']) {
      expect({ kind, count: all.counts[kind] }).not.toEqual({ kind, count: 0 });
    }
  }, 3_600_000);
});

describe('a seed', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await openGround();
  });
  afterAll(() => ground.close());

  it('does the same when it runs again', async () => {
    const [plan] = worldsOf({ tenants: 5, months: 2, mood: 'rough', seed: FIRST, seeds: 1 });
    if (!plan) throw new Error('no world');
    const [first, second] = [await runWorld(ground, plan), await runWorld(ground, plan)];
    expect(second.trace).toEqual(first.trace);
    expect(second.digest).toBe(first.digest);
  }, 300_000);
});
