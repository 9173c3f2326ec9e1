import { cents, formatCents } from '@caravel/domain';
import { METHODS } from './templates.js';
import type { MessageParams, MessageTemplate } from './templates.js';
import { oneLine } from './one-line.js';

/** What the database knows beyond the row's params. */
export interface MessageFacts {
  relayNames: readonly string[];
  /** Of the invoice, for messages whose params don't carry it. */
  amountCents?: number | undefined;
  /** Where the client is: links lead to `appUrl?invoice=<id>`. */
  appUrl: string;
}

/** What lines can name; undefined is unknown. */
export type MessageValues = Record<
  'amount' | 'relays' | 'link' | 'app' | 'method' | 'error' | 'days',
  string | undefined
>;

/** The text of a message. Pure: the same input gives the same text, so a message sent again is the same message. */
export function renderMessage(template: MessageTemplate, params: MessageParams, facts: MessageFacts): string {
  const values = valuesOf(params, facts);
  return template.lines.flatMap((line) => fill(line, values) ?? []).join('\n');
}

/** Undefined when a value is unknown. In one pass, so that braces inside a value stay what they are. */
function fill(line: string, values: Readonly<Record<string, string | undefined>>): string | undefined {
  const names = [...line.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  if (names.some((name) => values[name] === undefined)) return undefined;
  return line.replace(PLACEHOLDER, (_, name: string) => values[name] ?? '');
}

const PLACEHOLDER = /\{(\w+)\}/g;
const MAX_ERROR_CHARS = 240;
const MAX_NAMES = 5;
const MAX_NAME_CHARS = 60;

function valuesOf(params: MessageParams, { relayNames, amountCents, appUrl }: MessageFacts): MessageValues {
  const error = oneLine(params.error ?? '', MAX_ERROR_CHARS);
  return {
    amount: amountText(params.amount_cents ?? amountCents, params.sats),
    relays: namesText(relayNames),
    link: params.invoice_id && invoiceLink(appUrl, params.invoice_id),
    // Where to go when there is no invoice to look at.
    app: params.invoice_id === undefined ? appUrl : undefined,
    method: params.method && METHODS[params.method],
    error: error === '' ? undefined : error,
    days: daysText(params.days),
  };
}

function amountText(amountCents: number | undefined, sats: number | undefined): string | undefined {
  if (amountCents === undefined) return undefined;
  const dollars = formatCents(cents(amountCents));
  return sats === undefined ? dollars : `${dollars} (${sats.toLocaleString('en-US')} sats)`;
}

function daysText(days: number | undefined): string | undefined {
  if (days === undefined) return undefined;
  return days === 1 ? '1 day' : `${days} days`;
}

function namesText(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const shown = names.slice(0, MAX_NAMES).map((name) => oneLine(name, MAX_NAME_CHARS));
  return names.length > MAX_NAMES ? `${shown.join(', ')} and more` : shown.join(', ');
}

function invoiceLink(appUrl: string, invoiceId: string): string {
  const url = new URL(appUrl);
  url.searchParams.set('invoice', invoiceId);
  return url.href;
}
