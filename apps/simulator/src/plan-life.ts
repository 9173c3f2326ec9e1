import type { Deed, TenantDeed, Temper } from './deed.js';
import { MOODS } from './mood.js';
import type { Mood } from './mood.js';
import { randomOf } from './random.js';
import type { Random } from './random.js';

const MINUTE_S = 60;
const DAY_S = 86_400;
const MONTH_S = 30 * DAY_S;

export interface LifeOptions {
  seed: number;
  mood: Mood;
  startS: number;
  endS: number;
}

/** Everything a tenant will do, decided beforehand by the seed and the tenant's number alone. */
export function planLife(tenant: number, { seed, mood, startS, endS }: LifeOptions): Deed[] {
  const random = randomOf(seed, 'life', tenant);
  const dice = { ...random, ...MOODS[mood] };
  const deeds: Deed[] = [];
  const add = (atS: number, deed: TenantDeed): void => {
    const bellRings = random.chance(0.9);
    if (atS < endS) deeds.push({ id: `${tenant}:${deeds.length}`, atS: Math.floor(atS), tenant, bellRings, ...deed });
  };
  const bornS = startS + random.next() * 0.8 * (endS - startS);
  arrive(dice, { bornS, add });

  const pauseS = MONTH_S / random.pick(dice.deedsAMonth);
  for (let atS = bornS + random.pause(pauseS); atS < endS; atS += random.pause(pauseS)) {
    const burst = random.chance(0.1) ? 2 + random.whole(4) : 1;
    for (let done = 0; done < burst; done += 1) add(atS + (burst > 1 ? random.whole(2) : 0), deedOf(dice));
  }
  return deeds;
}

/** Most people create a relay at once, and half of them give a wallet before, the others soon after or never. */
function arrive(dice: Dice, { bornS, add }: { bornS: number; add: (atS: number, deed: TenantDeed) => void }): void {
  add(bornS, { kind: 'join' });
  const careful = dice.chance(0.5);
  if (careful) add(bornS + 5, connect(dice));
  add(bornS + 10, create(dice, dice.pick(['basic', 'basic', 'basic', 'growth', 'free'])));
  const soonS = dice.pick([30, 600, 2 * DAY_S, 9 * DAY_S]);
  if (!careful && dice.chance(0.5)) add(bornS + soonS, connect(dice));
  if (dice.chance(dice.cardChance)) add(bornS + soonS + 7, saveCard(dice));
  if (!careful) add(bornS + 40 + dice.whole(300), dice.chance(0.7) ? pay(dice) : checkout(dice));
}

function deedOf(dice: Dice): TenantDeed {
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
  const more = [
    'disconnect',
    'pay',
    'pay',
    'pay',
    'pay',
    'pay-old',
    'look',
    'refill',
    'refund',
    'refund',
    'refund',
  ] as const;
  const card = ['save-card', 'save-card', 'remove-card', 'checkout', 'checkout', 'checkout'] as const;
  const kind = dice.pick([...kinds, ...more, ...card]);
  const pick = dice.whole(1000);
  switch (kind) {
    case 'create':
      return create(dice, plan(dice));
    case 'stop':
    case 'start':
    case 'pay-old':
      return { kind, pick };
    case 'change-plan':
      return { kind, pick, plan: plan(dice) };
    case 'connect':
      return connect(dice);
    case 'refill':
      return { kind, cents: dice.pick([400, 3000, 30_000]) };
    case 'pay':
      return pay(dice);
    case 'checkout':
      return checkout(dice);
    case 'refund':
      return { kind, cents: dice.pick([300, 900, 2600]), again: dice.chance(0.3) };
    case 'save-card':
      return saveCard(dice);
    default:
      return { kind };
  }
}

const plan = (dice: Dice): string => dice.pick(['free', 'basic', 'basic', 'growth']);

function create(dice: Dice, planId: string): TenantDeed {
  const late = dice.pick([61, 20 * MINUTE_S, DAY_S, 9 * DAY_S, 40 * DAY_S]);
  const upAfterS = dice.chance(0.85) ? dice.whole(50) : dice.chance(0.7) ? late : null;
  return { kind: 'create', plan: planId, upAfterS };
}

function connect(dice: Dice): TenantDeed {
  return { kind: 'connect', temper: temper(dice), balanceCents: dice.pick(dice.balancesCents) };
}

const saveCard = (dice: Dice): TenantDeed => ({ kind: 'save-card', temper: temper(dice) });

const temper = (dice: Dice): Temper => dice.pick(dice.tempers);

/** At once, when the bolt11 is about to run out, too late, or never. */
function pay(dice: Dice): TenantDeed & { kind: 'pay' } {
  const minutesS = [2, 28, 49, 59, 70].map((minutes) => minutes * MINUTE_S);
  const afterS = dice.pick([0, 20, 20, ...minutesS, null]);
  return { kind: 'pay', pick: dice.whole(1000), afterS, looks: dice.chance(0.6) };
}

/** The page is open for half an hour. */
function checkout(dice: Dice): TenantDeed {
  const afterS = dice.pick([5, 90, 90, 25 * MINUTE_S, 35 * MINUTE_S, null]);
  return { kind: 'checkout', pick: dice.whole(1000), afterS, looks: dice.chance(0.5) };
}

type Dice = Random & (typeof MOODS)[Mood];
