import { createLogger, createMetrics } from '@caravel/service';
import { circuitGauge } from './circuit-gauge.js';
import { firstSyncHistogram } from './first-sync-histogram.js';

it('shows how long relays took to come up, and a clock that is behind as no time', async () => {
  const metrics = createMetrics('test');
  const show = firstSyncHistogram(metrics);
  for (const afterMs of [80, 9000, -5]) show(afterMs);
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/^relay_first_sync_seconds_bucket\{le="0.1",.*\} 2$/m);
  expect(text).toMatch(/^relay_first_sync_seconds_bucket\{le="10",.*\} 3$/m);
  expect(text).toMatch(/^relay_first_sync_seconds_sum\{.*\} 9.08$/m);
});

it('shows which zooid is held back, and says so', async () => {
  const metrics = createMetrics('test');
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line) => lines.push(line) } });
  const show = circuitGauge({ metrics, log });
  const [one] = [show('one'), show('two')];
  one('open');
  expect(await metrics.registry.metrics()).toMatch(/^zooid_circuit_open\{instance="one",.*\} 1$/m);
  one('closed');
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/^zooid_circuit_open\{instance="one",.*\} 0$/m);
  expect(text).toMatch(/^zooid_circuit_open\{instance="two",.*\} 0$/m);
  expect(lines.join('')).toMatch(/does not answer.*answers again/s);
});
