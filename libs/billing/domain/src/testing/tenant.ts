import { replay } from '../replay.js';
import type { ReplayResult } from '../replay.js';
import { initialState } from '../replay-state.js';
import type { OpenInvoice, ReplayState } from '../replay-state.js';
import { history, utc } from './history.js';
import type { Line } from './history.js';
import { itemLines, stepLines, withDates } from './summary.js';

/** A tenant whose billing wakes at every fact: tells what each call adds, and lets invoices be paid or collected in between. */
export interface TestTenant {
  facts(...lines: Line[]): News;
  until(at: number | string): News;
  pay(): void;
  lock(locked: boolean): void;
  addCredit(cents: number): void;
  readonly state: ReplayState;
  /** Open invoices, oldest first, as `cycle:2026-01-01 500`. */
  readonly open: string[];
}

export interface News {
  items: string[];
  cuts: string[];
}

export function tenant(): TestTenant {
  let state = initialState();
  let seq = 0;
  const take = ({ items, cuts, state: next }: ReplayResult): News => {
    state = next;
    return { items: itemLines(items), cuts: stepLines(cuts) };
  };
  const change = (openInvoices: readonly OpenInvoice[]): void => {
    state = { ...state, openInvoices };
  };
  return {
    facts: (...lines) => {
      const facts = history(lines, seq);
      seq += facts.length;
      return take(replay(state, facts, { untilS: facts.at(-1)?.atS ?? 0 }));
    },
    until: (at) => take(replay(state, [], { untilS: utc(at) })),
    pay: () => {
      change([]);
    },
    lock: (locked) => {
      change(state.openInvoices.map((invoice) => ({ ...invoice, locked })));
    },
    addCredit: (cents) => {
      state = { ...state, unbilledCents: state.unbilledCents - cents };
    },
    get state() {
      return state;
    },
    get open() {
      return state.openInvoices.map(({ ref, amountCents }) => `${withDates(ref)} ${amountCents}`);
    },
  };
}
