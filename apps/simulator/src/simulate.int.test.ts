import { openGround } from './ground.js';
import type { Ground } from './ground.js';
import { worldsOf } from './options.js';
import { report, sum } from './report.js';
import { problemsOf, runWorld } from './run-world.js';
import type { Outcome } from './simulate.js';

/** All 200 with SIM_SEEDS=200; else as many as the time allows. */
const SEEDS = Number(process.env['SIM_SEEDS'] ?? 200);
const BUDGET_MS = process.env['SIM_SEEDS'] ? Infinity : Number(process.env['SIM_BUDGET_S'] ?? 45) * 1000;
const FIRST = Number(process.env['SIM_SEED'] ?? 1);

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
afterAll(() => ground.close());

describe('20 tenants for 6 months, with crashes, outages, and wallets and cards of all kinds', () => {
  it('nobody is charged twice, no charge is lost, no attempt is stuck, and the books are the world’s', async () => {
    const startedAt = performance.now();
    const outcomes: Outcome[] = [];
    const plans = worldsOf({ tenants: 20, months: 6, mood: 'rough', seed: FIRST, seeds: SEEDS });
    for (const plan of plans) {
      const outcome = await runWorld(ground, plan);
      expect({ seed: plan.seed, problems: problemsOf(outcome.findings) }).toEqual({ seed: plan.seed, problems: [] });
      outcomes.push(outcome);
      const perSeedMs = (performance.now() - startedAt) / outcomes.length;
      if (performance.now() - startedAt + perSeedMs > BUDGET_MS) break;
    }
    const all = sum(outcomes.map(({ findings }) => findings));
    process.stdout.write(
      `seeds ${FIRST}–${FIRST + outcomes.length - 1} (${outcomes.length}): ${report(all).join('; ')}\n`,
    );
    for (const kind of ['crashes', 'paid', 'failed', 'recut', 'byWallet', 'byHand', 'byCard']) {
      expect({ kind, count: all.counts[kind] }).not.toEqual({ kind, count: 0 });
    }
  }, 3_600_000);

  it('does the same when it runs again', async () => {
    const [plan] = worldsOf({ tenants: 5, months: 2, mood: 'rough', seed: FIRST, seeds: 1 });
    if (!plan) throw new Error('no world');
    const [first, second] = [await runWorld(ground, plan), await runWorld(ground, plan)];
    expect(second.trace).toEqual(first.trace);
    expect(second.digest).toBe(first.digest);
  }, 300_000);
});
