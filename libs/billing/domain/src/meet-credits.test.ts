import { openJournal } from './journal.js';
import { meetCredits } from './meet-credits.js';
import { initialState } from './replay-state.js';
import type { OpenInvoice } from './replay-state.js';
import { tenant } from './testing/tenant.js';

function invoice(ref: string, amountCents: number, locked = false): OpenInvoice {
  return { ref, cause: `cycle:${ref}`, amountCents, periodStartS: 1, periodEndS: 2, locked };
}

function meet(unbilledCents: number, ...openInvoices: OpenInvoice[]) {
  const journal = openJournal({ ...initialState(), unbilledCents, openInvoices });
  meetCredits(journal);
  const steps = journal.cuts.map(({ voids, totalCents }) => [voids, totalCents]);
  const open = journal.openInvoices.map(({ ref, amountCents }) => [ref, amountCents]);
  return { steps, open, unbilledCents: journal.unbilledCents };
}

test('credit voids the newest invoice and what remains is cut again in its place, with its bounds', () => {
  const journal = openJournal({
    ...initialState(),
    unbilledCents: -100,
    openInvoices: [invoice('a', 500), invoice('b', 400)],
  });
  meetCredits(journal);
  const bounds = { periodStartS: 1, periodEndS: 2 };
  expect(journal.cuts).toEqual([{ cause: 'recut:b', ...bounds, totalCents: 300, afterItems: 0, voids: 'b' }]);
  const recut = { ref: 'recut:b', cause: 'recut:b', amountCents: 300, ...bounds, locked: false };
  expect(journal.openInvoices).toEqual([invoice('a', 500), recut]);
  expect(journal.unbilledCents).toBe(0);
});

test('a remainder of 50 is cut, one of 49 is carried', () => {
  expect(meet(-450, invoice('a', 500))).toEqual({ steps: [['a', 50]], open: [['recut:a', 50]], unbilledCents: 0 });
  expect(meet(-451, invoice('a', 500))).toEqual({ steps: [['a', null]], open: [], unbilledCents: 49 });
});

test('credit that exceeds an invoice goes on to the next older one', () => {
  expect(meet(-700, invoice('a', 500), invoice('b', 400))).toEqual({
    steps: [
      ['b', null],
      ['a', 200],
    ],
    open: [['recut:a', 200]],
    unbilledCents: 0,
  });
});

test('credit that exceeds all invoices is kept', () => {
  expect(meet(-1000, invoice('a', 500))).toEqual({ steps: [['a', null]], open: [], unbilledCents: -500 });
});

test('an invoice with an unresolved attempt is left alone, and a recut keeps its place beside it', () => {
  expect(meet(-100, invoice('a', 500, true))).toEqual({ steps: [], open: [['a', 500]], unbilledCents: -100 });
  expect(meet(-100, invoice('a', 500), invoice('b', 400, true)).open).toEqual([
    ['recut:a', 400],
    ['b', 400],
  ]);
  expect(meet(-460, invoice('a', 500), invoice('b', 400, true)).open).toEqual([['b', 400]]);
});

test('without credit nothing happens', () => {
  expect(meet(0, invoice('a', 500)).steps).toEqual([]);
  expect(meet(5000, invoice('a', 500)).steps).toEqual([]);
});

test('a replay without facts lets credit meet an invoice once its attempt is resolved', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  t.lock(true);
  expect(t.facts({ at: '2026-01-16 12:00:00', status: 'inactive' }).cuts).toEqual([]);
  expect(t.until('2026-01-17').cuts).toEqual([]);
  t.lock(false);
  expect(t.until('2026-01-17')).toEqual({ items: [], cuts: ['recut:cycle:2026-01-01 250'] });
  expect(t.until('2026-01-17')).toEqual({ items: [], cuts: [] });
});

test('credit that came in between meets invoices before later facts are replayed', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' });
  t.addCredit(100);
  expect(t.facts({ at: '2026-01-01', relay: 2 }).cuts).toEqual(['recut:cycle:2026-01-01 400']);
  expect(t.state.unbilledCents).toBe(500);
});

test('relays stopped one after another recut the same invoice again and again', () => {
  const t = tenant();
  t.facts({ at: '2026-01-01' }, { at: '2026-01-01', relay: 2 });
  t.pay();
  t.until('2026-02-01');
  t.facts({ at: '2026-02-15', status: 'inactive' }, { at: '2026-02-15', relay: 2, plan: 'free' });
  expect(t.open).toEqual(['recut:recut:cycle:2026-02-01 1000']);
});
