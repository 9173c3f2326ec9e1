import { nextDomainCheck } from './next-domain-check.js';

const now = new Date('2030-01-01T12:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const claim = { isVerified: false, askedSince: ago(0), failingSince: null };
const pauseS = ({ nextCheckAt }: { nextCheckAt: Date }) => (nextCheckAt.getTime() - now.getTime()) / 1000;

it('is verified as soon as nothing is missing, and looked at again within the hour', () => {
  const outcome = nextDomainCheck({ ...claim, failingSince: ago(1) }, '', now);
  expect([outcome.isVerified, outcome.failingSince, pauseS(outcome)]).toEqual([true, null, 3600]);
});

it.each([
  [0, 30],
  [2, 600],
  [30, 3600],
])('after %d hours of asking it is looked at again in %d seconds', (hours, seconds) => {
  expect(pauseS(nextDomainCheck({ ...claim, askedSince: ago(hours) }, 'x', now))).toBe(seconds);
});

it('keeps a verified domain for 48 hours of failing, from the first failure on', () => {
  const verified = { ...claim, isVerified: true };
  expect(nextDomainCheck(verified, 'x', now)).toMatchObject({ isVerified: true, failingSince: now });
  expect(nextDomainCheck({ ...verified, failingSince: ago(47) }, 'x', now)).toMatchObject({ isVerified: true });
  expect(nextDomainCheck({ ...verified, failingSince: ago(48) }, 'x', now)).toMatchObject({
    isVerified: false,
    failingSince: null,
  });
});
