import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factContent } from '../fact-content.js';
import { TEMPLATES } from '../templates.js';
import { checkTexts } from './check-texts.js';
import { languageOf } from './language.js';
import { LANGUAGES, loadTexts, TextsError } from './load-texts.js';
import { placeholdersOf } from './placeholders.js';
import { textsSchema } from './text-schema.js';
import type { Texts } from './text-schema.js';

const english = loadTexts({ language: 'en' });
const changed = (change: (texts: Texts) => void): Texts => {
  const copy = textsSchema.parse(structuredClone(english));
  change(copy);
  return copy;
};

describe.each([...LANGUAGES])('the texts in %s', (language, texts) => {
  it('say everything that English says, with the same values', () => {
    expect(checkTexts(texts, english)).toEqual([]);
    expect(texts.language).toBe(language);
  });

  it('are there for every template, and for no other', () => {
    expect(Object.keys(texts.messages).sort()).toEqual([...TEMPLATES.keys()].sort());
    for (const [name, { tells }] of TEMPLATES)
      expect([name, Boolean(texts.messages[name]?.one)]).toEqual([name, tells === 'facts']);
  });
});

describe('placeholders', () => {
  const facts = [...TEMPLATES].filter(([, { tells }]) => tells === 'facts');

  it.each(facts)('of %s can all be filled by a sample', (name, { samples }) => {
    const context = { language: languageOf(english), appUrl: 'https://app.example', relayNames: ['a'] };
    const known = samples.flatMap((sample) => {
      const { common, items } = factContent([sample], context);
      return [common, ...items].flatMap((values) => Object.keys(values).filter((key) => values[key] !== undefined));
    });
    const text = english.messages[name];
    const all = [...(text?.one ?? []), ...(text ? Object.values(text.several).flat() : [])];
    expect(placeholdersOf(all).filter((value) => !known.includes(value))).toEqual([]);
  });

  it.each(facts)('samples of %s are what rows may carry', (_, { params, samples }) => {
    expect(samples.length).toBeGreaterThanOrEqual(2);
    for (const sample of samples) expect(params.safeParse(sample).success).toBe(true);
  });
});

describe('texts are refused', () => {
  it.each<[string, (texts: Texts) => void, string]>([
    ['without a message', ({ messages }) => delete messages['restored'], 'messages.restored is missing'],
    [
      'with an unknown one',
      ({ messages }) => (messages['x'] = { several: { before: ['x'], each: [], after: [] } }),
      'messages.x is unknown',
    ],
    [
      'with a value left out',
      ({ messages }) =>
        (messages['invoice-due'] = {
          one: ['{link}'],
          several: { before: ['{invoices} {relays} {total}'], each: ['{amount}: {link}'], after: [] },
        }),
      'messages.invoice-due.one must name {amount}',
    ],
    [
      'with a value misspelt',
      ({ messages }) => messages['restored']?.one?.push('{apps}'),
      'messages.restored.one names {apps}, which is unknown',
    ],
    ['without a plural form', ({ plurals }) => delete plurals['days']?.one, 'plurals.days needs a form for "one"'],
    [
      'with a plural that hides its number',
      ({ plurals }) => (plurals['days'] = { one: 'day', other: 'days' }),
      'plurals.days names {n} and nothing else',
    ],
    ['without a word', ({ words }) => delete words['method']?.['oob'], 'words.method.oob is missing'],
    [
      'with a word for two commands',
      ({ commands }) => commands.help.push('status'),
      'commands: "status" is there twice',
    ],
  ])('%s', (_, change, problem) => {
    expect(checkTexts(changed(change), english)).toContain(problem);
  });

  it('when they lack forms that their own language has', () => {
    const polish = changed((texts) => (texts.language = 'pl'));
    expect(checkTexts(polish, english)).toContain('plurals.days needs a form for "few"');
  });
});

describe('numbers, amounts and dates', () => {
  it('are written as the language does', () => {
    const [en, de] = ['en', 'de'].map((language) => languageOf(loadTexts({ language })));
    expect([en?.amount(123_456, 9_876_543), de?.amount(123_456, 9_876_543)]).toEqual([
      '$1,234.56 (9,876,543 sats)',
      '1.234,56\u00a0$ (9.876.543 Sats)',
    ]);
    expect([en?.plural('days', 1), en?.plural('days', 2), de?.plural('days', 1), de?.plural('days', 2)]).toEqual([
      '1 day',
      '2 days',
      '1 Tag',
      '2 Tagen',
    ]);
    expect([en, de].map((language) => language?.date(new Date('2026-12-01T23:59:59Z')))).toEqual([
      'December 1, 2026',
      '1. Dezember 2026',
    ]);
    expect(en?.sats(8_065_001n)).toBe('8,066 sats');
    expect([en?.plural('constructor', 1), en?.word('constructor', 'name'), en?.word('method', 'constructor')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('an operator’s folder', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'texts-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });
  const write = (name: string, content: unknown) => {
    writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
  };

  it('replaces single messages and words, and leaves the others', () => {
    const restored = {
      one: ['Back! {relays} {app}'],
      several: { before: ['Back! {relays} {app}'], each: [], after: [] },
    };
    write('en.json', {
      messages: { restored },
      words: { method: { nwc: 'by NWC', stripe: 'by card', oob: 'by hand' } },
    });
    const texts = loadTexts({ language: 'en', dir });
    expect(texts.messages).toEqual({ ...english.messages, restored });
    expect(texts.words['method']).toMatchObject({ nwc: 'by NWC' });
  });

  it('brings a language of its own when that is complete', () => {
    write('fr.json', { ...english, language: 'fr', plurals: changed(withMany).plurals });
    expect(loadTexts({ language: 'fr', dir }).language).toBe('fr');
  });

  it('that has nothing for the language changes nothing', () => {
    expect(loadTexts({ language: 'de', dir })).toEqual(LANGUAGES.get('de'));
  });

  it.each([
    ['is no JSON', '{'],
    ['is no object', '[1]'],
    [
      'breaks a message',
      { messages: { restored: { one: ['{nothing}'], several: { before: ['x'], each: [], after: [] } } } },
    ],
    ['has a key nobody knows', { message: {} }],
    ['is another language', { language: 'xx-nowhere-x' }],
  ])('whose file %s stops the start with what is wrong', (_, content) => {
    write('en.json', content);
    expect(() => loadTexts({ language: 'en', dir })).toThrow(TextsError);
    expect(() => loadTexts({ language: 'en', dir })).toThrow(/en\.json/);
  });

  it('cannot be left out for a language we do not have', () => {
    expect(() => loadTexts({ language: 'fr', dir })).toThrow('we have en, de, and no file for fr');
    expect(() => loadTexts({ language: '../../etc/passwd', dir })).toThrow('this is no language');
  });

  it('must be there', () => {
    expect(() => loadTexts({ language: 'en', dir: join(dir, 'nowhere') })).toThrow('there is no such folder');
  });
});

function withMany(texts: Texts): void {
  for (const forms of Object.values(texts.plurals)) forms.many = forms.other ?? '';
}
