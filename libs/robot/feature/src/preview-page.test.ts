import { readFileSync, writeFileSync } from 'node:fs';
import { previewMessages } from './preview-messages.js';
import { previewPage } from './preview-page.js';
import { TEMPLATES } from './templates.js';
import { LANGUAGES } from './texts/load-texts.js';

const file = new URL('../../../../docs/messages.md', import.meta.url);
const languages = [...LANGUAGES.values()];
const appUrl = 'https://app.example/';

it('docs/messages.md shows every message as it is (UPDATE_DOCS=1 writes it)', () => {
  const page = previewPage(languages, { appUrl });
  if (process.env['UPDATE_DOCS']) writeFileSync(file, page);
  expect(readFileSync(file, 'utf8')).toBe(page);
});

describe.each(languages)('the preview in $language', (texts) => {
  const all = previewMessages(texts, { appUrl });

  it('has every template alone and joined, and every answer', () => {
    expect(new Set(all.map(({ template }) => template))).toEqual(new Set(TEMPLATES.keys()));
    for (const [name, { tells }] of TEMPLATES) {
      expect([name, all.filter(({ template }) => template === name).length]).toEqual([name, tells === 'help' ? 1 : 2]);
    }
  });

  it('leaves no placeholder and no hole', () => {
    for (const { text } of all) expect(text).not.toMatch(/\{|\}|undefined|null|NaN|^$|\n\n/);
  });

  it('names every fact that is joined', () => {
    for (const [name, { tells, samples }] of TEMPLATES) {
      if (tells !== 'facts') continue;
      const joined = all.find(({ template, form }) => template === name && form !== 'alone')?.text ?? '';
      for (const { invoice_id: id } of samples) if (id !== undefined) expect(joined).toContain(String(id));
    }
  });
});
