import type { Deed, Weather } from './deed.js';
import type { LifeOptions } from './plan-life.js';
import { randomOf } from './random.js';
import type { Random } from './random.js';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

/** What goes wrong with billing, our wallet and the rates: each kind by itself, decided beforehand by the seed. */
export function planWeather(world: number, { seed, startS, endS, crashEveryS }: WeatherOptions): Deed[] {
  const deeds: Deed[] = [];
  const every = (name: string, meanS: number, make: (random: Random) => Weather): void => {
    const random = randomOf(seed, 'weather', world, name);
    let count = 0;
    for (let atS = startS + random.pause(meanS); atS < endS; atS += random.pause(meanS)) {
      deeds.push({ id: `${name}:${count++}`, atS: Math.floor(atS), tenant: null, bellRings: true, ...make(random) });
    }
  };
  every('crash', crashEveryS, (random) => ({
    kind: 'crash',
    points: random.whole(random.pick([20, 100, 500])),
    restS: random.pick([0, 0, 1, 60, 600, 6 * HOUR_S]),
  }));
  every('outage', 45 * DAY_S, (random) => ({
    kind: 'outage',
    forS: random.pick([HOUR_S, DAY_S, 5 * DAY_S, 13 * DAY_S]),
  }));
  every('silent', 30 * DAY_S, (random) => ({
    kind: 'payee-silent',
    forS: random.pick([60, HOUR_S, DAY_S, 9 * DAY_S]),
  }));
  every('none', 40 * DAY_S, (random) => ({ kind: 'payee-makes-none', forS: random.pick([60, HOUR_S, 2 * DAY_S]) }));
  every('rate', 40 * DAY_S, (random) => ({ kind: 'no-rate', forS: random.pick([60, HOUR_S, DAY_S]) }));
  every('stripe', 40 * DAY_S, (random) => ({ kind: 'stripe-down', forS: random.pick([60, HOUR_S, 2 * DAY_S]) }));
  every('key', 40 * DAY_S, () => ({ kind: 'rotate-key' }));
  return deeds;
}

type WeatherOptions = Omit<LifeOptions, 'mood'> & { crashEveryS: number };
