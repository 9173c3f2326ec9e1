import { placeholdersOf } from './placeholders.js';
import type { Line, MessageText, Texts } from './text-schema.js';

/**
 * What is wrong with `texts`, measured by `reference` (English): the same messages and words, the same placeholders in every
 * part, all plural forms of the language, no word that is two commands. Empty when all is well.
 */
export function checkTexts(texts: Texts, reference: Texts): string[] {
  return [
    ...compareKeys('words', texts.words, reference.words),
    ...Object.entries(reference.words).flatMap(([list, words]) =>
      compareKeys(`words.${list}`, texts.words[list] ?? words, words),
    ),
    ...compareKeys('plurals', texts.plurals, reference.plurals),
    ...checkPlurals(texts),
    ...comparePlaceholders('amount_with_sats', texts.amount_with_sats, reference.amount_with_sats),
    ...comparePlaceholders('sats', texts.sats, reference.sats),
    ...comparePlaceholders('and_more', texts.and_more, reference.and_more),
    ...checkCommands(texts),
    ...compareKeys('messages', texts.messages, reference.messages),
    ...Object.entries(texts.messages).flatMap(([name, text]) => {
      const original = reference.messages[name];
      return original ? compareTexts(`messages.${name}`, text, original) : [];
    }),
  ];
}

function compareTexts(path: string, text: MessageText, original: MessageText): string[] {
  if (!text.one !== !original.one) return [`${path}.one must ${original.one ? '' : 'not '}be there`];
  return [
    ...comparePlaceholders(`${path}.one`, text.one ?? [], original.one ?? []),
    ...comparePlaceholders(`${path}.several.before`, text.several.before, original.several.before),
    ...comparePlaceholders(`${path}.several.each`, text.several.each, original.several.each),
    ...comparePlaceholders(`${path}.several.after`, text.several.after, original.several.after),
  ];
}

function comparePlaceholders(path: string, lines: Line | readonly Line[], original: Line | readonly Line[]): string[] {
  const found = placeholdersOf([lines].flat());
  const wanted = placeholdersOf([original].flat());
  const missing = wanted.filter((name) => !found.includes(name)).map((name) => `${path} must name {${name}}`);
  const unknown = found
    .filter((name) => !wanted.includes(name))
    .map((name) => `${path} names {${name}}, which is unknown`);
  return [...missing, ...unknown];
}

function checkPlurals({ language, plurals }: Texts): string[] {
  const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return Object.entries(plurals).flatMap(([name, forms]) => {
    const missing = wanted.filter((category) => forms[category] === undefined);
    const foreign = Object.values(forms).some((form) => placeholdersOf([form]).some((value) => value !== 'n'));
    const noNumber = placeholdersOf([forms.other ?? '']).length === 0;
    return [
      ...missing.map((category) => `plurals.${name} needs a form for "${category}"`),
      ...(foreign || noNumber ? [`plurals.${name} names {n} and nothing else`] : []),
    ];
  });
}

function checkCommands({ commands }: Texts): string[] {
  const words = Object.values(commands).flat();
  const twice = words.filter((word, index) => words.indexOf(word) !== index);
  return [
    ...twice.map((word) => `commands: "${word}" is there twice`),
    ...words.filter((word) => word !== word.toLowerCase()).map((word) => `commands: "${word}" must be in lower case`),
  ];
}

function compareKeys(path: string, found: object, wanted: object): string[] {
  const missing = Object.keys(wanted).filter((key) => !Object.hasOwn(found, key));
  const unknown = Object.keys(found).filter((key) => !Object.hasOwn(wanted, key));
  return [...missing.map((key) => `${path}.${key} is missing`), ...unknown.map((key) => `${path}.${key} is unknown`)];
}
