import { readApplied, writeApplied } from './applied-config.js';

it('comes back as it was written', () => {
  const applied = { config: { host: 'h', info: { name: null } }, waitingSince: new Date(1_800_000_000_000) };
  expect(readApplied(JSON.parse(writeApplied(applied)))).toEqual(applied);
  expect(readApplied(JSON.parse(writeApplied({ ...applied, waitingSince: null })))).toEqual({
    ...applied,
    waitingSince: null,
  });
});

it.each([[null], [undefined], [{}], [{ config: 'text', waitingSince: null }], ['x']])(
  'of %p nothing is known',
  (column) => {
    expect(readApplied(column)).toBeNull();
  },
);
