import { setTimeout as sleep } from 'node:timers/promises';
import type { FireWorld } from '../fire-world.js';
import type { commitCutter } from './commit-cutter.js';
import { emptyRedis } from './empty-redis.js';
import type { survivors } from './survivors.js';

/**
 * Makes trouble for a while: kills the service at random moments, empties Redis, cuts connections at COMMIT, and lets wallets
 * and Stripe lose answers, answer late, or say that they failed when they paid. Ends with everything in order again.
 */
export async function makeTrouble(deps: TroubleDeps, { forMs }: { forMs: number }): Promise<void> {
  const { service, cutter, counts, redisUrl, random } = deps;
  const end = performance.now() + forMs;
  cutter.state.chance = 0.02;
  while (performance.now() < end) {
    setFaults(deps);
    await sleep(100 + random() * 900);
    const dice = random();
    if (dice < 0.6) {
      counts.kills += 1;
      await service.kill();
    } else if (redisUrl !== undefined) {
      counts.emptied += 1;
      await emptyRedis(redisUrl);
    }
  }
  cutter.state.chance = 0;
  for (const { faults } of [deps.world.wallet, deps.world.payee, deps.world.stripe]) faults.set([]);
}

function setFaults({ world, random, counts }: TroubleDeps): void {
  const some = () => 1 + Math.floor(random() * 3);
  const wallet = [
    { match: 'pay_invoice', mode: 'drop-answer', times: some() },
    { match: 'pay_invoice', mode: 'late', ms: 300 + Math.floor(random() * 3000), times: some() },
    { match: 'pay_invoice', mode: 'fail', code: 'PAYMENT_FAILED', done: true, times: some() },
    { match: 'pay_invoice', mode: 'hang', times: some() },
  ] as const;
  const card = [
    { match: 'POST /v1/payment_intents', mode: 'drop-answer', times: some() },
    { match: 'POST /v1/payment_intents', mode: 'fail', status: 500, times: some() },
    { match: 'POST /v1/payment_intents', mode: 'late', ms: 300 + Math.floor(random() * 3000), times: some() },
  ] as const;
  const ours = [{ match: 'lookup_invoice', mode: 'drop-answer', times: some() }] as const;
  const chosen = <One>(list: readonly One[]): One[] => list.filter(() => random() < 0.4);
  world.wallet.faults.set(chosen(wallet));
  world.stripe.faults.set(chosen(card));
  world.payee.faults.set(chosen(ours));
  counts.faults += 1;
}

export interface TroubleDeps {
  world: FireWorld;
  service: ReturnType<typeof survivors>;
  cutter: Awaited<ReturnType<typeof commitCutter>>;
  redisUrl: string | undefined;
  random: () => number;
  counts: TroubleCounts;
}

export interface TroubleCounts {
  kills: number;
  emptied: number;
  faults: number;
}
