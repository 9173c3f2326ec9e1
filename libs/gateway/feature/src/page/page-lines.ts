import { cents } from '@caravel/domain';
import type { Cents } from '@caravel/domain';
import type { InvoiceLine } from '../money-ports.js';

/** One printed line. */
export interface PageLine {
  title: string;
  description: string;
  amountCents: Cents;
}

/** As many as fit on a page with everything else. */
export const MAX_LINES = 22;
const MAX_CHARS = 90;

/** What is printed of an invoice's items: all of them or, when they are too many for a page, one line for each relay. */
export function pageLines(lines: readonly InvoiceLine[]): PageLine[] {
  if (lines.length <= MAX_LINES) return lines.map((line) => pageLine(line, [line]));
  const groups = new Map<string, InvoiceLine[]>();
  for (const [index, line] of lines.entries()) {
    const key = line.relay?.id ?? `line ${index}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  const printed = [...groups.values()].flatMap((group) => group.slice(0, 1).map((line) => pageLine(line, group)));
  if (printed.length <= MAX_LINES) return printed;
  const rest = printed.slice(MAX_LINES - 1);
  return [
    ...printed.slice(0, MAX_LINES - 1),
    { title: `${rest.length} further entries`, description: '', amountCents: sum(rest) },
  ];
}

function pageLine({ relay, description }: InvoiceLine, group: readonly InvoiceLine[]): PageLine {
  const title = relay === null ? clipped(description) : clipped(relay.name || relay.host);
  const about = relay === null ? '' : clipped(description);
  return {
    title,
    description: group.length === 1 ? about : `${group.length} charges and credits`,
    amountCents: sum(group),
  };
}

const sum = (lines: readonly { amountCents: Cents }[]): Cents =>
  cents(lines.reduce((total, { amountCents }) => total + amountCents, 0));

/** One short line, without what would move the text around it. */
function clipped(text: string): string {
  const chars = Array.from(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim());
  return chars.length > MAX_CHARS ? `${chars.slice(0, MAX_CHARS - 1).join('')}…` : chars.join('');
}
