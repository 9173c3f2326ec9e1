import type { Metrics } from '@caravel/service';
import { Histogram } from 'prom-client';

/** How long after its creation a relay was first seen answering NIP-11. Takes milliseconds, shows seconds. */
export function firstSyncHistogram({ registry }: Pick<Metrics, 'registry'>): (afterMs: number) => void {
  const histogram = new Histogram({
    name: 'relay_first_sync_seconds',
    help: 'From the creation of a relay until it answered NIP-11.',
    buckets: [0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
    registers: [registry],
  });
  return (afterMs) => {
    histogram.observe(Math.max(0, afterMs) / 1000);
  };
}
