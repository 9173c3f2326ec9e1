import { fill } from './placeholders.js';
import type { Texts } from './text-schema.js';

/** How one language writes values. */
export interface Language {
  texts: Texts;
  number: (value: number) => string;
  /** Cents in dollars, with the sats when they are known. */
  amount: (cents: number, sats?: number) => string;
  /** A Lightning amount, in whole sats rounded up: what a wallet is asked for. */
  sats: (msats: bigint) => string;
  /** The day, in UTC. */
  date: (date: Date) => string;
  /** Undefined when the language has no such plural. */
  plural: (name: string, value: number) => string | undefined;
  /** Undefined when it has no such word: a value of a later version. */
  word: (list: string, value: string) => string | undefined;
}

export function languageOf(texts: Texts): Language {
  const { language } = texts;
  const number = new Intl.NumberFormat(language);
  const dollars = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  const rules = new Intl.PluralRules(language);
  return {
    texts,
    number: (value) => number.format(value),
    amount: (cents, sats) => {
      const inDollars = dollars.format(cents / 100);
      if (sats === undefined) return inDollars;
      return fill(texts.amount_with_sats, { dollars: inDollars, sats: number.format(sats) }) ?? inDollars;
    },
    sats: (msats) => fill(texts.sats, { n: number.format((msats + 999n) / 1000n) }) ?? '',
    date: (value) => date.format(value),
    plural: (name, value) => {
      const form = own(texts.plurals, name)?.[rules.select(value)];
      return form === undefined ? undefined : fill(form, { n: number.format(value) });
    },
    word: (list, value) => own(own(texts.words, list) ?? {}, value),
  };
}

/** Names come from rows: they may be `constructor`. */
const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
