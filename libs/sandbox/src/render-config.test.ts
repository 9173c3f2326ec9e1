import { readFileSync, writeFileSync } from 'node:fs';
import { configurationPage, envExample } from './render-config.js';
import { SERVICES, VARIABLES, variablesOf } from './variables.js';

const at = (path: string) => new URL(`../../../${path}`, import.meta.url);

it.each([
  ['.env.example', envExample],
  ['docs/configuration.md', configurationPage],
])('%s tells of every variable as the code has it (UPDATE_DOCS=1 writes it)', (file, render) => {
  if (process.env['UPDATE_DOCS']) writeFileSync(at(file), render());
  expect(readFileSync(at(file), 'utf8')).toBe(render());
});

it('knows every variable of the services, and no other', () => {
  for (const service of SERVICES) {
    const source = readFileSync(at(`apps/${service}/src/config.ts`), 'utf8');
    const inCode = new Set(source.match(/\b[A-Z][A-Z0-9]+_[A-Z0-9_]+(?=:|'\])/g));
    // Fields that libraries define.
    const common = ['LOG_LEVEL', 'OPS_PORT', 'OPS_HOST', 'SIGNATURES', 'SECP256K1_LIBRARY'];
    const documented = VARIABLES.filter(({ services }) => services.includes(service)).map(({ name }) => name);
    expect([...inCode].sort()).toEqual(documented.filter((name) => !common.includes(name)).sort());
  }
});

it('names each variable once', () => {
  expect(new Set(VARIABLES.map(({ name }) => name)).size).toBe(VARIABLES.length);
});

it("gives a service no other service's secret", () => {
  const env = { STRIPE_SECRET_KEY: 'sk', ROBOT_SECRET: 'r', ROBOT_WALLET: 'w', SERVER_URL: 'u', ZOOID_SECRET: 'z' };
  expect(variablesOf('api-gateway', env)).toEqual({ SERVER_URL: 'u' });
  expect(variablesOf('robot-dm', env)).toEqual({ ROBOT_SECRET: 'r' });
});
