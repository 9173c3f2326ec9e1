import type { Cut } from '../cut.js';
import type { Item } from '../item.js';
import { utc } from './history.js';

/** Items as `charge 500`, in order. */
export function itemLines(items: readonly Item[]): string[] {
  return items.map(({ kind, amountCents }) => `${kind} ${amountCents}`);
}

/** Steps of invoicing as `cycle:2026-01-01 500`, in order; `none` where nothing is cut after a void. */
export function stepLines(cuts: readonly Cut[]): string[] {
  return cuts.map(({ cause, totalCents }) => `${withDates(cause)} ${totalCents ?? 'none'}`);
}

/** The unix seconds in a cause as a date, with the time unless it is midnight; an interim's activity as its `seq`. */
export function withDates(cause: string): string {
  return cause
    .replaceAll(/(cycle|closing):(\d+)/g, (_, kind: string, atS: string) => `${kind}:${dateOf(Number(atS))}`)
    .replace(/interim:\S*?1(\d{5})$/, (_, seq: string) => `interim:${Number(seq)}`);
}

function dateOf(atS: number): string {
  const date = new Date(atS * 1000).toISOString();
  const [day, time] = [date.slice(0, 10), date.slice(11, 19)];
  return atS === utc(day) ? day : `${day} ${time}`;
}
