import type { OutputOf } from '@caravel/pay-protocol';
import { renderUnicodeCompact } from 'uqr';

/** What somebody can point a phone at, in signs of a terminal; undefined when it would not fit. */
export function qrText({ receive_info: { invoice, address } }: OutputOf<'receive_info'>): string | undefined {
  const said = invoice ?? address;
  // Invoices are the same in capitals, and then need a smaller code (BOLT 11).
  const text = said !== undefined && /^ln/i.test(said) ? said.toUpperCase() : said;
  if (text === undefined || text.length > MOST_SIGNS) return undefined;
  return `${renderUnicodeCompact(text, { ecc: 'L', border: 2 })}\n`;
}

const MOST_SIGNS = 1500;
