import type { Metrics } from '@caravel/service';
import { Gauge } from 'prom-client';

/** zooid's clock minus ours. zooid refuses every call when it is more than 60 s off. Takes milliseconds, shows seconds. */
export function clockSkewGauge({ registry }: Pick<Metrics, 'registry'>): (skewMs: number) => void {
  const gauge = new Gauge({
    name: 'zooid_clock_skew_seconds',
    help: "zooid's clock minus ours, by its last answer.",
    registers: [registry],
  });
  return (skewMs) => {
    gauge.set(skewMs / 1000);
  };
}
