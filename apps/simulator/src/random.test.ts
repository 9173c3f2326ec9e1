import { planLife } from './plan-life.js';
import { planWeather } from './plan-weather.js';
import { randomOf } from './random.js';
import { timeline } from './timeline.js';

const span = { mood: 'rough' as const, startS: 0, endS: 180 * 86_400 };

describe('chance', () => {
  it('is decided by its name alone, and differs by name', () => {
    const draw = (...name: (string | number)[]) => Array.from({ length: 5 }, randomOf(...name).next);
    expect(draw(7, 'life', 3)).toEqual(draw(7, 'life', 3));
    expect(draw(7, 'life', 3)).not.toEqual(draw(7, 'life', 4));
  });

  it('is evenly spread', () => {
    const random = randomOf('spread');
    const counts = [0, 0, 0, 0];
    for (let draws = 0; draws < 8000; draws += 1) {
      const drawn = random.whole(4);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});

describe('plans', () => {
  it('of one tenant do not depend on who else there is, and begin with joining', () => {
    const life = planLife(3, { seed: 7, ...span });
    expect(life).toEqual(planLife(3, { seed: 7, ...span }));
    expect(life[0]).toMatchObject({ id: '3:0', kind: 'join' });
    expect(planLife(4, { seed: 7, ...span })).not.toEqual(life);
  });

  it('name every deed once and stay inside the time', () => {
    const weather = planWeather(0, { seed: 7, ...span, crashEveryS: 86_400 });
    const deeds = [...[1, 2, 3].flatMap((tenant) => planLife(tenant, { seed: 7, ...span })), ...weather];
    expect(new Set(deeds.map(({ id }) => id)).size).toBe(deeds.length);
    expect(deeds.every(({ atS }) => atS >= span.startS && atS < span.endS)).toBe(true);
    expect(new Set(weather.map(({ kind }) => kind)).size).toBe(7);
  });
});

describe('timeline', () => {
  it('gives events in order of time, and at the same time as they were planned', () => {
    const random = randomOf('timeline');
    const events = timeline<{ atS: number; order: number }>();
    const planned = Array.from({ length: 300 }, (_, order) => ({ atS: random.whole(40), order }));
    for (const event of planned) events.add(event.atS, event);
    const taken = [];
    while (events.nextS() < Infinity) taken.push(events.take());
    expect(taken).toEqual([...planned].sort((a, b) => a.atS - b.atS || a.order - b.order));
    expect(events.take()).toBeUndefined();
  });
});
