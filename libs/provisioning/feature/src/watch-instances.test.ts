import { createLogger, createMetrics } from '@caravel/service';
import { watchInstances } from './watch-instances.js';
import type { InstanceRules } from './zooid-instances.js';

const rules = { weight: 1, capacity: null, draining: false };

/** What a look at these counts shows. */
async function watch(counts: Record<string, number>, main: Partial<InstanceRules> = {}) {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const metrics = createMetrics('test');
  const instances = [
    { ...rules, name: 'main', ...main },
    { ...rules, name: 'two', capacity: 5000 },
  ];
  await watchInstances({ counts: () => Promise.resolve(new Map(Object.entries(counts))), instances, metrics, log })();
  return { log: lines.join(''), metrics: await metrics.registry.metrics() };
}

it('shows how many relays each instance has and takes', async () => {
  const { metrics, log } = await watch({ main: 7 });
  expect(metrics).toMatch(/^zooid_relays\{instance="main",service="test"\} 7$/m);
  expect(metrics).toMatch(/^zooid_relays\{instance="two",service="test"\} 0$/m);
  expect(metrics).toMatch(/^zooid_capacity\{instance="two",service="test"\} 5000$/m);
  expect(metrics).toMatch(/^zooid_unlisted_relays\{service="test"\} 0$/m);
  expect(log).toBe('');
});

it('alerts while no instance takes another relay', async () => {
  expect((await watch({ two: 4999 }, { draining: true })).log).toBe('');
  expect(JSON.parse((await watch({ two: 5000 }, { draining: true })).log)).toMatchObject({ alert: 'zooid-room' });
});

it('alerts while relays are where nobody can reach them', async () => {
  const { metrics, log } = await watch({ main: 7, gone: 2, lost: 1 });
  expect(metrics).toMatch(/^zooid_unlisted_relays\{service="test"\} 3$/m);
  expect(JSON.parse(log)).toMatchObject({ alert: 'zooid-instance', level: 'error', unlisted: { gone: 2, lost: 1 } });
});
