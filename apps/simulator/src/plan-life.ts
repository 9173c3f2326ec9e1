import type { Deed, TenantDeed, Temper } from './deed.js';
import { randomOf } from './random.js';
import type { Random } from './random.js';

const MINUTE_S = 60;
const DAY_S = 86_400;
const MONTH_S = 30 * DAY_S;

export interface LifeOptions {
  seed: number;
  startS: number;
  endS: number;
}

/** Everything a tenant will do, decided beforehand by the seed and the tenant's number alone. */
export function planLife(tenant: number, { seed, startS, endS }: LifeOptions): Deed[] {
  const random = randomOf(seed, 'life', tenant);
  const deeds: Deed[] = [];
  const add = (atS: number, deed: TenantDeed): void => {
    const bellRings = random.chance(0.9);
    if (atS < endS) deeds.push({ id: `${tenant}:${deeds.length}`, atS: Math.floor(atS), tenant, bellRings, ...deed });
  };
  const bornS = startS + random.next() * 0.8 * (endS - startS);
  arrive(random, { bornS, add });

  const pauseS = MONTH_S / random.pick([0.2, 0.2, 0.2, 0.2, 0.5, 0.5, 1, 1, 2, 6]);
  for (let atS = bornS + random.pause(pauseS); atS < endS; atS += random.pause(pauseS)) {
    const burst = random.chance(0.1) ? 2 + random.whole(4) : 1;
    for (let done = 0; done < burst; done += 1) add(atS + (burst > 1 ? random.whole(2) : 0), deedOf(random));
  }
  return deeds;
}

/** Most people create a relay at once, and half of them give a wallet before, the others soon after or never. */
function arrive(random: Random, { bornS, add }: { bornS: number; add: (atS: number, deed: TenantDeed) => void }): void {
  add(bornS, { kind: 'join' });
  const careful = random.chance(0.5);
  if (careful) add(bornS + 5, connect(random));
  add(bornS + 10, create(random, random.pick(['basic', 'basic', 'basic', 'growth', 'free'])));
  const soonS = random.pick([30, 600, 2 * DAY_S, 9 * DAY_S]);
  if (!careful && random.chance(0.5)) add(bornS + soonS, connect(random));
  if (random.chance(0.4)) add(bornS + soonS + 7, saveCard(random));
  if (!careful) add(bornS + 40 + random.whole(300), pay(random));
}

function deedOf(random: Random): TenantDeed {
  const kinds = [
    'create',
    'stop',
    'stop',
    'start',
    'start',
    'change-plan',
    'change-plan',
    'connect',
    'refill',
  ] as const;
  const more = ['disconnect', 'pay', 'pay', 'pay', 'pay', 'pay-old', 'look', 'refill'] as const;
  const card = ['save-card', 'save-card', 'remove-card', 'checkout', 'checkout'] as const;
  const kind = random.pick([...kinds, ...more, ...card]);
  const pick = random.whole(1000);
  switch (kind) {
    case 'create':
      return create(random, plan(random));
    case 'stop':
    case 'start':
    case 'pay-old':
      return { kind, pick };
    case 'change-plan':
      return { kind, pick, plan: plan(random) };
    case 'connect':
      return connect(random);
    case 'refill':
      return { kind, cents: random.pick([400, 3000, 30_000]) };
    case 'pay':
    case 'checkout':
      return { ...pay(random), kind };
    case 'save-card':
      return saveCard(random);
    default:
      return { kind };
  }
}

const plan = (random: Random): string => random.pick(['free', 'basic', 'basic', 'growth']);

function create(random: Random, planId: string): TenantDeed {
  const late = random.pick([61, 20 * MINUTE_S, DAY_S, 9 * DAY_S, 40 * DAY_S]);
  const upAfterS = random.chance(0.85) ? random.whole(50) : random.chance(0.7) ? late : null;
  return { kind: 'create', plan: planId, upAfterS };
}

function connect(random: Random): TenantDeed {
  return { kind: 'connect', temper: temper(random), balanceCents: random.pick([0, 1200, 6000, 1_000_000, 1_000_000]) };
}

const saveCard = (random: Random): TenantDeed => ({ kind: 'save-card', temper: temper(random) });

const temper = (random: Random): Temper =>
  random.pick(['reliable', 'reliable', 'reliable', 'moody', 'moody', 'broken']);

/** At once, when the bolt11 is about to run out, too late, or never. */
function pay(random: Random): TenantDeed & { kind: 'pay' } {
  const minutesS = [2, 28, 49, 59, 70].map((minutes) => minutes * MINUTE_S);
  const afterS = random.pick([0, 20, 20, ...minutesS, null]);
  return { kind: 'pay', pick: random.whole(1000), afterS, looks: random.chance(0.6) };
}
