import type { Logger, Metrics } from '@caravel/service';
import { Gauge } from 'prom-client';
import type { InstanceRules } from './zooid-instances.js';

/**
 * What a sweep runs: shows how many relays each instance has and how many it takes (`zooid_relays`, `zooid_capacity`), and
 * alerts while relays are at an instance that isn't configured (`zooid_unlisted_relays`), which nobody can reach, and
 * while no instance takes another relay.
 */
export function watchInstances({ counts, instances, metrics: { registry }, log }: WatchInstancesDeps) {
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const relays = gauge('zooid_relays', 'Relays of each zooid instance.', ['instance']);
  const capacity = gauge('zooid_capacity', 'Relays that a zooid instance takes at most.', ['instance']);
  const unlisted = gauge('zooid_unlisted_relays', 'Relays of instances that are not in ZOOID_INSTANCES.', []);
  for (const { name, capacity: most } of instances) if (most !== null) capacity.set({ instance: name }, most);

  return async (): Promise<void> => {
    const counted = await counts();
    relays.reset();
    for (const { name } of instances) relays.set({ instance: name }, counted.get(name) ?? 0);
    const lost = [...counted].filter(([name]) => !instances.some((instance) => instance.name === name));
    unlisted.set(lost.reduce((sum, [, count]) => sum + count, 0));
    if (lost.length > 0) {
      log.error(
        { alert: 'zooid-instance', unlisted: Object.fromEntries(lost) },
        'relays are at zooid instances that are not in ZOOID_INSTANCES',
      );
    }
    const takesMore = ({ name, draining, capacity: most }: InstanceRules) =>
      !draining && (most === null || (counted.get(name) ?? 0) < most);
    if (!instances.some(takesMore)) log.error({ alert: 'zooid-room' }, 'every zooid instance is full or draining');
  };
}

interface WatchInstancesDeps {
  /** Relays by the name of their instance. */
  counts: () => Promise<ReadonlyMap<string, number>>;
  instances: readonly InstanceRules[];
  metrics: Pick<Metrics, 'registry'>;
  log: Logger;
}
