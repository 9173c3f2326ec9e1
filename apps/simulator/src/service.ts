import { unixSeconds } from '@caravel/domain';
import type { Pubkey } from '@caravel/domain';
import { agenda } from './agenda.js';
import type { Weather } from './deed.js';
import type { Reach } from './perform.js';
import { randomOf } from './random.js';
import type { Random } from './random.js';
import { replicas } from './replicas.js';
import { robot } from './robot.js';
import type { Stage } from './stage.js';
import { weather } from './weather.js';

const OUT_OF_ORDER_PACE = 6;
/** Of the pace: how long news of rows may wait for more. */
const LOOK_PACE = 0.1;

/** Billing as it is run: woken by bells, calls and due rows, with sweeps that come a little or much too late. */
export function service(stage: Stage, { seed, world, paceS }: { seed: number; world: number; paceS: number }) {
  const random = randomOf(seed, 'service', world);
  const counts = { sweeps: 0, bells: 0, calls: 0 };
  const billing = replicas(stage, random);
  const breaks = weather(stage, { replicas: billing, random });
  const messenger = robot(stage, { seed, world });
  const due = agenda(stage, { pauseS: Math.floor(LOOK_PACE * paceS) });
  const nowS = () => unixSeconds(stage.clock.now());
  let wakeS = nowS();
  let calm = false;

  const sweep = (): void => {
    const wanted = due.take();
    counts.sweeps += billing.give((one) => one.sweep(wanted), { both: !calm && random.chance(0.15) });
  };

  const planWake = async (): Promise<void> => {
    if (await due.look({ atOnce: calm || wakeS <= nowS() })) messenger.plan(due.messagesS());
    else if (wakeS > nowS()) return;
    const lateS = calm ? 1 : latenessS(random, paceS * (inOrder(stage) ? 1 : OUT_OF_ORDER_PACE));
    wakeS = Math.max(due.firstS() + lateS, nowS() + lateS, billing.backS());
  };

  const reach: Reach = {
    bell: (tenantPubkey) => {
      counts.bells += billing.give((one) => one.bell(tenantPubkey));
    },
    ask: (call, then) => {
      counts.calls += billing.give((one) => one.ask(call).then(then));
    },
  };

  return {
    ...reach,
    counts: () => ({ crashes: billing.crashes(), ...counts }),
    breaks: (deed: Weather & { id: string }): void => {
      if (!calm) breaks(deed);
    },
    /** A bell that billing rings for itself. */
    onBell: (name: string, payload: unknown): Promise<void> => {
      if (name === 'billing-account') reach.bell((payload as { tenantPubkey: Pubkey }).tenantPubkey);
      return Promise.resolve();
    },
    /** From now on nothing goes wrong and everybody is honest. */
    calm: (): void => {
      calm = true;
      wakeS = nowS();
      billing.calm();
      Object.assign(stage.payeeState, { answers: true, makes: true, hasRate: true });
      stage.purse.calm();
      stage.stripe.calm();
    },
    runUntil: async (untilS: number): Promise<void> => {
      for (;;) {
        const nextS = Math.min(stage.events.nextS(), wakeS, due.lookS());
        if (nextS > untilS) break;
        if (nextS > nowS()) stage.clock.set(nextS);
        await stage.happen();
        if (nowS() >= wakeS) sweep();
        await billing.rest();
        await planWake();
      }
      if (nowS() < untilS) stage.clock.set(untilS);
    },
  };
}

/** Half of the time almost at once, else up to twice the pace. */
const latenessS = (random: Random, paceS: number): number => random.whole((random.chance(0.5) ? 0.1 : 2) * paceS + 1);

/** While something is out of order billing only asks again and again. */
const inOrder = ({ payeeState, stripe }: Stage): boolean =>
  payeeState.answers && payeeState.makes && payeeState.hasRate && stripe.state.up;
