import { AppError } from '@caravel/domain';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * One registry per process, every sample labelled with the service. Make further metrics with prom-client on
 * `registry`, or count with `count`.
 */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const calls = new Histogram({
    name: 'external_call_seconds',
    help: 'Calls to other systems, by outcome.',
    labelNames: ['target', 'operation', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();

  return {
    registry,
    observeCall: async ({ target, operation }, run) => {
      const end = calls.startTimer({ target, operation });
      try {
        const result = await run();
        end({ outcome: 'ok' });
        return result;
      } catch (error) {
        end({ outcome: error instanceof AppError ? error.code : 'error' });
        throw error;
      }
    },
    count: (name, labels = {}) => {
      const counter =
        counters.get(name) ??
        new Counter({ name, help: name.replaceAll('_', ' '), labelNames: Object.keys(labels), registers: [registry] });
      counters.set(name, counter);
      counter.inc(labels);
    },
    gauge: (name, value) => {
      const gauge = gauges.get(name) ?? new Gauge({ name, help: name.replaceAll('_', ' '), registers: [registry] });
      gauges.set(name, gauge);
      gauge.set(value);
    },
  };
}

export interface Metrics {
  registry: Registry;
  /** Runs a call to another system and records how long it took and how it ended: `ok`, an error code, or `error`. */
  observeCall: <Result>(call: { target: string; operation: string }, run: () => Promise<Result>) => Promise<Result>;
  /** Adds one to a counter, made at first use. Always use a name with the same label names, and few label values. */
  count: (name: string, labels?: Readonly<Record<string, string>>) => void;
  /** Sets how much of something there is now. */
  gauge: (name: string, value: number) => void;
}
