import { readFileSync, writeFileSync } from 'node:fs';
import { gatewayOpenApi } from './openapi.js';

const file = new URL('../../../../../docs/openapi.json', import.meta.url);

it('docs/openapi.json is what the server answers (UPDATE_DOCS=1 writes it)', () => {
  const now = `${JSON.stringify(gatewayOpenApi(), null, 2)}\n`;
  if (process.env['UPDATE_DOCS']) writeFileSync(file, now);
  expect(readFileSync(file, 'utf8')).toBe(now);
});
