import { readFileSync, writeFileSync } from 'node:fs';
import { INPUTS, OUTPUTS } from '@caravel/pay-protocol';
import { openApi } from './open-api.js';

const DOCUMENT = new URL('../../../../../docs/pay-openapi.json', import.meta.url);

describe('the OpenAPI page', () => {
  it('is the one in docs/pay-openapi.json; UPDATE_DOCS=1 writes it', () => {
    const text = `${JSON.stringify(openApi(), null, 2)}\n`;
    if (process.env.UPDATE_DOCS) writeFileSync(DOCUMENT, text);
    expect(readFileSync(DOCUMENT, 'utf8')).toBe(text);
  });

  it('has every Input and every Output, and refers to nothing that is not there', () => {
    const page = openApi();
    const { schemas } = page.components as { schemas: Record<string, object> };
    for (const code of Object.keys(INPUTS)) expect(schemas).toHaveProperty(`Input_${code}`);
    for (const code of Object.keys(OUTPUTS)) expect(schemas).toHaveProperty(`Output_${code}`);
    const refs = [...JSON.stringify(page).matchAll(/"\$ref":"(.*?)"/g)].map(([, ref]) => ref);
    expect(refs.length).toBeGreaterThan(Object.keys(INPUTS).length);
    for (const ref of refs) expect(Object.keys(schemas)).toContain(ref?.replace('#/components/schemas/', ''));
  });

  it('says of every Input that is done on the node alone that it is refused here', () => {
    const { schemas } = openApi().components as { schemas: Record<string, { description?: string }> };
    for (const { code, localOnly } of Object.values(INPUTS)) {
      expect([code, /Refused here/.test(schemas[`Input_${code}`]?.description ?? '')]).toEqual([code, localOnly]);
    }
  });
});
