import type { Metrics } from '@caravel/service';
import { Gauge } from 'prom-client';

/**
 * zooid's clock minus ours. zooid refuses every call when it is more than 60 s off. One for each
 * instance of zooid. Takes milliseconds, shows seconds.
 */
export function clockSkewGauge({
  registry,
}: Pick<Metrics, 'registry'>): (instance: string) => (skewMs: number) => void {
  const gauge = new Gauge({
    name: 'zooid_clock_skew_seconds',
    help: "zooid's clock minus ours, by its last answer.",
    labelNames: ['instance'],
    registers: [registry],
  });
  return (instance) => (skewMs) => {
    gauge.set({ instance }, skewMs / 1000);
  };
}
