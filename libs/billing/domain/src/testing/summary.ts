import type { Cut } from '../cut.js';
import type { Item } from '../item.js';
import { utc } from './history.js';

/** Items as `charge 500`, in order. */
export const lines = (items: readonly Item[]): string[] =>
  items.map(({ kind, amountCents }) => `${kind} ${amountCents}`);

/** Steps as `2 cycle:2026-01-01 500 voids …` (items before it, cause, total), with dates in place of unix seconds. */
export const steps = (cuts: readonly Cut[]): string[] =>
  cuts.map(({ afterItems, cause, totalCents, voids }) => {
    const text = `${afterItems} ${cause} ${totalCents ?? 'none'}${voids === null ? '' : ` voids ${voids}`}`;
    return text.replaceAll(
      /(cycle|closing):(\d+)/g,
      (_, kind: string, atS: string) => `${kind}:${dateOf(Number(atS))}`,
    );
  });

function dateOf(atS: number): string {
  const date = new Date(atS * 1000).toISOString();
  const [day = '', time = ''] = [date.slice(0, 10), date.slice(11, 19)];
  return atS === utc(day) ? day : `${day} ${time}`;
}
