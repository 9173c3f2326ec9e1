import { factValues, MAX_NAME_CHARS } from './fact-values.js';
import type { ValueContext } from './fact-values.js';
import { plainText } from './plain-text.js';
import type { MessageContent } from './render-message.js';
import type { MessageParams } from './templates.js';
import { fill } from './texts/placeholders.js';
import type { Language } from './texts/language.js';

/** What a message about facts says: `params` of each, and the names of the relays it is about. */
export function factContent(facts: readonly MessageParams[], context: FactContext): MessageContent {
  const { language, appUrl, relayNames } = context;
  const invoices = new Set(facts.flatMap(({ invoice_id: id }) => (id === undefined ? [] : [id])));
  return {
    common: {
      app: appUrl,
      relays: namesText(relayNames, language),
      invoices: language.plural('invoices', invoices.size),
      times: language.plural('times', facts.length),
      total: totalText(facts, language),
    },
    items: facts.map((params) => factValues(params, context)),
  };
}

const MAX_NAMES = 5;

function namesText(names: readonly string[], { texts }: Language): string | undefined {
  if (names.length === 0) return undefined;
  const shown = names
    .slice(0, MAX_NAMES)
    .map((name) => plainText(name, MAX_NAME_CHARS))
    .join(', ');
  return names.length > MAX_NAMES ? fill(texts.and_more, { names: shown }) : shown;
}

/** Of distinct invoices. Sats only when all have them. */
function totalText(facts: readonly MessageParams[], language: Language): string | undefined {
  const byInvoice = new Map(facts.map((params) => [params['invoice_id'], params]));
  const parts = [...byInvoice.values()].map(({ amount_cents: cents, sats }) => ({
    cents: Number(cents),
    sats: Number(sats),
  }));
  const cents = parts.reduce((sum, part) => sum + part.cents, 0);
  const sats = parts.reduce((sum, part) => sum + part.sats, 0);
  if (!Number.isSafeInteger(cents)) return undefined;
  return language.amount(cents, Number.isSafeInteger(sats) ? sats : undefined);
}

export interface FactContext extends ValueContext {
  relayNames: readonly string[];
}
