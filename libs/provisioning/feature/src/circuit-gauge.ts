import type { Logger, Metrics } from '@caravel/service';
import { Gauge } from 'prom-client';

/** Shows and tells for each instance of zooid whether calls to it are held back because it does not answer. */
export function circuitGauge({ metrics, log }: { metrics: Pick<Metrics, 'registry'>; log: Logger }) {
  const gauge = new Gauge({
    name: 'zooid_circuit_open',
    help: 'Whether calls are held back because zooid does not answer.',
    labelNames: ['instance'],
    registers: [metrics.registry],
  });
  return (instance: string): ((state: 'closed' | 'open') => void) => {
    gauge.set({ instance }, 0);
    return (state) => {
      gauge.set({ instance }, state === 'open' ? 1 : 0);
      if (state === 'open') log.error({ instance, alert: 'zooid' }, 'zooid does not answer, calls are held back');
      else log.info({ instance }, 'zooid answers again');
    };
  };
}
