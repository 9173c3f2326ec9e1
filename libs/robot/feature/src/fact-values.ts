import { plainText } from './plain-text.js';
import type { MessageParams } from './templates.js';
import type { Language } from './texts/language.js';

/** What lines can name; undefined is unknown. */
export type MessageValues = Readonly<Record<string, string | undefined>>;

/**
 * What a fact's params are in words, by their names: `invoice_id` is `link`, `x_cents` is the amount `x` (`amount` with its
 * `sats`), `x_at` is a day in unix seconds; a number is counted when the language has such a plural, a text is looked up when
 * it has such words. Every other text is a stranger's.
 */
export function factValues(params: MessageParams, { language, appUrl }: ValueContext): MessageValues {
  const values: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined) continue;
    const [key, text] = inWords(name, value, { language, appUrl, params });
    values[key] = text === '' ? undefined : text;
  }
  return values;
}

function inWords(
  name: string,
  value: string | number,
  context: ParamContext,
): [name: string, text: string | undefined] {
  const { language, appUrl, params } = context;
  if (name === 'invoice_id') return ['link', invoiceLink(appUrl, String(value))];
  if (typeof value === 'number') {
    if (name.endsWith('_cents')) {
      const key = name.slice(0, -'_cents'.length);
      const sats = key === 'amount' && typeof params['sats'] === 'number' ? params['sats'] : undefined;
      return [key, language.amount(value, sats)];
    }
    if (name.endsWith('_at')) return [name.slice(0, -'_at'.length), language.date(new Date(value * 1000))];
    return [name, language.plural(name, value) ?? language.number(value)];
  }
  if (Object.hasOwn(language.texts.words, name)) return [name, language.word(name, value)];
  return [name, plainText(value, name === 'error' ? MAX_ERROR_CHARS : MAX_NAME_CHARS)];
}

const MAX_ERROR_CHARS = 240;
export const MAX_NAME_CHARS = 60;

/** Opens the pay dialog of the client. */
export function invoiceLink(appUrl: string, invoiceId: string): string {
  const url = new URL(appUrl);
  url.searchParams.set('invoice', invoiceId);
  return url.href;
}

export interface ValueContext {
  language: Language;
  /** Where the client is. */
  appUrl: string;
}

interface ParamContext extends ValueContext {
  params: MessageParams;
}
