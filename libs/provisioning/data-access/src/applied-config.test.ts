import { readApplied, writeApplied } from './applied-config.js';

it('comes back as it was written', () => {
  const applied = { config: { host: 'h', info: { name: null } }, waitingSince: new Date(1_800_000_000_000) };
  const waiting = { ...applied, pending: ['name', 'icon'] as const };
  expect(readApplied(JSON.parse(writeApplied(waiting)))).toEqual(waiting);
  const shown = { ...applied, waitingSince: null, pending: [] };
  expect(readApplied(JSON.parse(writeApplied(shown)))).toEqual(shown);
});

it.each([[null], [undefined], [{}], [{ config: 'text', waitingSince: null }], ['x']])(
  'of %p nothing is known',
  (column) => {
    expect(readApplied(column)).toBeNull();
  },
);
