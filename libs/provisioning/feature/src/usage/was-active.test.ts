import { wasActive } from './was-active.js';

const before = { newestEvent: 'a', membersHash: 'm', events: 10n, overLimitSince: null };
const same = { newestEvent: 'a', membersHash: 'm', events: 10n };

it('nothing has happened when newest event and members are the same', () => {
  expect(wasActive(before, same)).toBe(false);
  expect(wasActive({ ...before, newestEvent: '' }, { ...same, newestEvent: '' })).toBe(false);
});

it.each([
  ['another newest event', { newestEvent: 'b' }],
  ['other members', { membersHash: 'n' }],
  ['older events that came in', { events: 11n }],
  ['other members, while events can’t be read', { membersHash: 'n', newestEvent: null, events: null }],
])('something has happened: %s', (_what, changes) => {
  expect(wasActive(before, { ...same, ...changes })).toBe(true);
});

it('events that expired by themselves are no sign of life', () => {
  expect(wasActive(before, { ...same, events: 9n })).toBe(false);
});

it('a count that one of the looks doesn’t know says nothing', () => {
  expect(wasActive(before, { ...same, events: null })).toBe(false);
  expect(wasActive({ ...before, events: null }, same)).toBe(false);
});

it.each([
  ['the first look', { ...before, newestEvent: null, membersHash: null, events: null }, same],
  ['events that can’t be read', before, { ...same, newestEvent: null, events: null }],
  ['members nobody tells', before, { ...same, membersHash: null }],
])('nobody can say after %s', (_what, then, now) => {
  expect(wasActive(then, now)).toBeNull();
});
