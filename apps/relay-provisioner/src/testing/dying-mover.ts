import type { RelayEvents } from '@caravel/provisioning-feature';
import { zooidInstances } from '@caravel/provisioning-feature';
import type { TwoZooids } from './two-zooids.js';

/**
 * A mover whose process dies right after it has said so many things to anybody: that one arrived, its answer did not, and
 * nothing else is said by it any more.
 */
export function dyingAfter(calls: number, { mover, moves, zooids, events }: TwoZooids) {
  let left = calls;
  const count = (): void => {
    left -= 1;
    if (left <= 0) throw new Error('killed');
  };
  const alive = (): void => {
    if (left <= 0) throw new Error('killed');
  };
  const dying = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, key, receiver) => {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof value !== 'function') return value;
        return async (...args: unknown[]): Promise<unknown> => {
          alive();
          const answer: unknown = await Reflect.apply(value, target, args);
          count();
          return answer;
        };
      },
    });
  const dyingEvents: RelayEvents = {
    ...events,
    read: async function* (question) {
      let read = 0;
      for await (const event of events.read(question)) {
        if (read === 20) count();
        alive();
        yield event;
        read += 1;
      }
    },
    write: (lines, to) => dying({ write: events.write }).write(lines, to),
  };
  const dyingZooids = zooidInstances(zooids.list.map(({ zooid, ...rules }) => ({ ...rules, zooid: dying(zooid) })));
  return {
    mover: mover({ moves: dying(moves), zooids: dyingZooids, events: dyingEvents }),
    died: () => left <= 0,
  };
}
