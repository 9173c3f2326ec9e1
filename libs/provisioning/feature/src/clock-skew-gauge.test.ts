import { createMetrics } from '@caravel/service';
import { clockSkewGauge } from './clock-skew-gauge.js';

it("shows zooid's clock against ours in seconds", async () => {
  const metrics = createMetrics('test');
  clockSkewGauge(metrics)('main')(-42_000);
  expect(await metrics.registry.metrics()).toMatch(/^zooid_clock_skew_seconds\{instance="main".*\} -42$/m);
});
