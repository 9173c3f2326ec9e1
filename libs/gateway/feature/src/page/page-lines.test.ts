import { cents } from '@caravel/domain';
import type { InvoiceLine } from '../money-ports.js';
import { id } from '../testing/builders.js';
import { MAX_LINES, pageLines } from './page-lines.js';

const line = (relay: number | null, amount: number, description = 'basic: a month'): InvoiceLine => ({
  amountCents: cents(amount),
  description,
  relay: relay === null ? null : { id: id(relay), name: `Relay ${relay}`, host: `r${relay}.relays.example` },
});
const total = (lines: readonly { amountCents: number }[]) => lines.reduce((sum, each) => sum + each.amountCents, 0);

it('prints every item while they fit', () => {
  expect(pageLines([line(1, 500), line(null, -200, 'Sorry for the outage')])).toEqual([
    { title: 'Relay 1', description: 'basic: a month', amountCents: 500 },
    { title: 'Sorry for the outage', description: '', amountCents: -200 },
  ]);
});

it('prints one line for each relay when they do not, and the sum stays', () => {
  const lines = Array.from({ length: 500 }, (_, n) => line(n % 3, n % 2 === 0 ? 7 : -5));
  expect(pageLines(lines).map(({ title }) => title)).toEqual(['Relay 0', 'Relay 1', 'Relay 2']);
  expect(total(pageLines(lines))).toBe(total(lines));
});

it('never prints more than a page holds, and the sum stays', () => {
  const lines = Array.from({ length: 100 }, (_, n) => line(n < 40 ? n : null, n));
  const printed = pageLines(lines);
  expect(printed).toHaveLength(MAX_LINES);
  expect(printed.at(-1)?.title).toBe('79 further entries');
  expect(total(printed)).toBe(total(lines));
});

it('clips what is long, and drops what would turn the line around or break it', () => {
  const [printed] = pageLines([line(null, 1, `\u202egnp.\u0000exe\n${'x'.repeat(5000)}`)]);
  expect(printed?.title).toMatch(/^gnp\. exe x+…$/);
  expect(printed?.title).toHaveLength(90);
});

it('names a relay without a name by its address', () => {
  const nameless = { ...line(1, 5), relay: { id: id(1), name: '', host: 'garden.relays.example' } };
  expect(pageLines([nameless])[0]?.title).toBe('garden.relays.example');
});
