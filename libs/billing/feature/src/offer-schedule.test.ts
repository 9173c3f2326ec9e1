import { nextOfferCheck, retryOfferCheck } from './offer-schedule.js';

const createdAt = new Date('2026-01-01T00:00:00Z');
const at = (seconds: number): Date => new Date(createdAt.getTime() + seconds * 1000);
const expiresAt = at(3600);
const secondsOf = (date: Date | null): number | null => date && (date.getTime() - createdAt.getTime()) / 1000;

describe('when the payee is asked about an offer', () => {
  it('that an attempt pulls: after 5 s, 15 s, 60 s, 5 min, then every 15 min', () => {
    const pulled = { createdAt, expiresAt: at(100_000), pulledAt: createdAt };
    const asked = [];
    for (let now: number | null = 0; now !== null && asked.length < 6;) {
      now = secondsOf(nextOfferCheck(pulled, at(now)));
      asked.push(now);
    }
    expect(asked).toEqual([5, 20, 80, 380, 1280, 2180]);
  });

  it('that somebody may look at: every 10 s at first', () => {
    const watched = { createdAt, expiresAt, pulledAt: null };
    expect(secondsOf(nextOfferCheck(watched, at(0)))).toBe(10);
    expect(secondsOf(nextOfferCheck(watched, at(300)))).toBe(330);
    expect(secondsOf(nextOfferCheck(watched, at(1200)))).toBe(1320);
  });

  it('a minute after it expired, and not much later', () => {
    const pulled = { createdAt, expiresAt, pulledAt: createdAt };
    expect(secondsOf(nextOfferCheck(pulled, at(3500)))).toBe(3660);
    expect(secondsOf(nextOfferCheck(pulled, at(3659)))).toBe(3660);
  });

  it('for a day after it expired, then no more', () => {
    const expired = { createdAt, expiresAt, pulledAt: null };
    expect(secondsOf(nextOfferCheck(expired, at(3660)))).toBe(3600 + 600);
    expect(secondsOf(nextOfferCheck(expired, at(3600 + 600)))).toBe(3600 + 3600);
    expect(secondsOf(nextOfferCheck(expired, at(3600 + 3600)))).toBe(3600 + 86_400);
    expect(nextOfferCheck(expired, at(3600 + 86_400))).toBeNull();
  });

  it('without an answer: again, however old it is', () => {
    const old = { createdAt, expiresAt, pulledAt: createdAt };
    expect(secondsOf(retryOfferCheck(old, at(1_000_000)))).toBe(1_000_900);
  });
});
