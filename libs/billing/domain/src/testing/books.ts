import assert from 'node:assert/strict';
import type { Cut } from '../cut.js';
import type { Item } from '../item.js';

/** Invoices as sets of items: the obvious way to keep books, item by item. */
export interface Books {
  /** Of each open invoice by ref, what its items sum to. */
  openCents: Map<string, number>;
  unbilledCents: number;
}

/**
 * Does what the steps of a replay from the beginning say, one by one, and fails when an invoice's total is not the sum of
 * its items, when it is below 50 cents, or when it voids one that is not open.
 */
export function keepBooks(items: readonly Item[], cuts: readonly Cut[]): Books {
  const open = new Map<string, Item[]>();
  let unbilled: Item[] = [];
  let seen = 0;
  for (const cut of cuts) {
    assert(cut.afterItems >= seen, 'steps are in the order of items');
    unbilled.push(...items.slice(seen, cut.afterItems));
    seen = cut.afterItems;
    if (cut.voids !== null) {
      const voided = open.get(cut.voids);
      assert(voided !== undefined, `${cut.voids} is open`);
      open.delete(cut.voids);
      assert(sum(unbilled) < 0, 'only credit voids an invoice');
      unbilled.push(...voided);
    }
    if (cut.totalCents === null) continue;
    assert.equal(cut.totalCents, sum(unbilled));
    assert(cut.totalCents >= 50);
    assert(!open.has(cut.cause));
    open.set(cut.cause, unbilled);
    unbilled = [];
  }
  unbilled.push(...items.slice(seen));
  const openCents = new Map([...open].map(([ref, invoiced]) => [ref, sum(invoiced)]));
  return { openCents, unbilledCents: sum(unbilled) };
}

function sum(items: readonly Item[]): number {
  return items.reduce((total, { amountCents }) => total + amountCents, 0);
}
