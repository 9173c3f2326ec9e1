import { idMaker, systemClock } from '@caravel/domain';
import { nextLookAt } from './next-look-at.js';

const newId = idMaker(systemClock);
const DAY_MS = 86_400_000;

it('a relay is looked at once on every day, at its own moment, whenever in the day it was looked at before', () => {
  const relayId = newId();
  const first = nextLookAt(relayId, new Date('2027-03-01T00:00:00Z'));
  expect(first.toISOString()).toMatch(/^2027-03-02/);
  expect(nextLookAt(relayId, new Date('2027-03-01T23:59:59Z'))).toEqual(first);
  expect(nextLookAt(relayId, first).getTime() - first.getTime()).toBe(DAY_MS);
});

it('relays are spread over the day', () => {
  const now = new Date('2027-03-01T12:00:00Z');
  const hours = Array.from({ length: 2400 }, () => nextLookAt(newId(), now).getUTCHours());
  const perHour = Array.from({ length: 24 }, (_, hour) => hours.filter((one) => one === hour).length);
  expect(Math.min(...perHour)).toBeGreaterThan(50);
  expect(Math.max(...perHour)).toBeLessThan(170);
});
