import { createLogger } from './logger.js';
import { warnOfSandboxSettings } from './sandbox-settings.js';

function warnings(config: object): string[] {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  warnOfSandboxSettings(config, log);
  return lines;
}

it('warns of a switch that takes a guard away, and only when it is on', () => {
  const [line = '', ...others] = warnings({ ALLOW_PRIVATE_HOSTS: true, OPS_PORT: 0 });
  expect(line).toMatch(/"level":"warn".*ALLOW_PRIVATE_HOSTS is for a sandbox only/);
  expect(others).toEqual([]);
  expect([warnings({ ALLOW_PRIVATE_HOSTS: false }), warnings({})]).toEqual([[], []]);
});
