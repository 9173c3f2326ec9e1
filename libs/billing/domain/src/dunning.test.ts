import fc from 'fast-check';
import { dunningStep, firstNoticeMs, nextDunningLook } from './dunning.js';
import type { AskedInvoice, DunningAccount } from './dunning.js';
import { utc } from './testing/history.js';

const date = (at: string) => new Date(utc(at) * 1000);
const invoice = (change: Partial<AskedInvoice> = {}): AskedInvoice => {
  return { issuedAt: date('2026-01-01'), lastNotice: null, warnedAt: null, ...change };
};
const account = (change: Partial<DunningAccount> = {}): DunningAccount => {
  return {
    shortGrace: false,
    churnedAt: null,
    owes: true,
    unresolved: false,
    several: false,
    oldest: invoice(),
    ...change,
  };
};
const step = (at: string, change: Partial<DunningAccount> = {}, graceDays?: number) =>
  dunningStep(account(change), { now: date(at), ...(graceDays !== undefined && { graceDays }) });
const warned = (at: string, change: Partial<AskedInvoice> = {}) => ({
  oldest: invoice({ lastNotice: 2, warnedAt: date(at), ...change }),
});
const pause = { type: 'pause' };

describe('notices', () => {
  it('come five and two days before the pause, counted from the issue', () => {
    expect(step('2026-01-02 23:59:59')).toBeNull();
    expect(step('2026-01-03')).toEqual({ type: 'warn', notice: 5, days: 5 });
    expect(step('2026-01-06')).toEqual({ type: 'warn', notice: 2, days: 2 });
  });

  it('are told once each', () => {
    const oldest = invoice({ lastNotice: 5 });
    expect(step('2026-01-05 23:59:59', { oldest })).toBeNull();
    expect(step('2026-01-06', { oldest })).toEqual({ type: 'warn', notice: 2, days: 2 });
    expect(step('2026-01-30', { oldest: invoice({ lastNotice: 2 }) })).toBeNull();
  });

  it('that were missed say how many days are really left, at least two', () => {
    expect(step('2026-01-04 12:00:00')).toEqual({ type: 'warn', notice: 5, days: 4 });
    expect(step('2026-03-01')).toEqual({ type: 'warn', notice: 2, days: 2 });
  });

  it.each([
    { graceDays: 1, first: '2026-01-01', notice: 2 },
    { graceDays: 2, first: '2026-01-01', notice: 2 },
    { graceDays: 3, first: '2026-01-02', notice: 2 },
    { graceDays: 5, first: '2026-01-04', notice: 2 },
    { graceDays: 6, first: '2026-01-02', notice: 5 },
    { graceDays: 30, first: '2026-01-26', notice: 5 },
  ])('with $graceDays days of grace begin on $first', ({ graceDays, first, notice }) => {
    expect(step(first, {}, graceDays)).toEqual({ type: 'warn', notice, days: notice });
    expect(firstNoticeMs({ shortGrace: false }, graceDays)).toBe((utc(first) - utc('2026-01-01')) * 1000);
  });

  it('come at once after a write-off', () => {
    expect(step('2026-01-01', { shortGrace: true })).toEqual({ type: 'warn', notice: 2, days: 2 });
    expect(firstNoticeMs({ shortGrace: true })).toBe(0);
  });

  it('are not told before the money was asked for, nor while an attempt is unresolved', () => {
    expect(step('2026-02-01', { oldest: null })).toBeNull();
    expect(step('2026-02-01', { unresolved: true })).toBeNull();
  });
});

describe('the pause', () => {
  it('comes seven days after the issue when the notice is two days old', () => {
    expect(step('2026-01-07 23:59:59', warned('2026-01-03'))).toBeNull();
    expect(step('2026-01-08', warned('2026-01-06'))).toEqual(pause);
  });

  it('waits for 48 hours after the notice, however late that was', () => {
    expect(step('2026-02-11 23:59:59', warned('2026-02-10'))).toBeNull();
    expect(step('2026-02-12', warned('2026-02-10'))).toEqual(pause);
  });

  it('does not come without a notice that was sent or proved undeliverable', () => {
    expect(step('2026-06-01', { oldest: invoice({ lastNotice: 2 }) })).toBeNull();
  });

  it('does not come while an attempt is unresolved', () => {
    expect(step('2026-01-20', { ...warned('2026-01-06'), unresolved: true })).toBeNull();
  });

  it('comes 48 hours after the notice when there is one day of grace', () => {
    expect(step('2026-01-02', { shortGrace: true, ...warned('2026-01-01') })).toBeNull();
    expect(step('2026-01-03', { shortGrace: true, ...warned('2026-01-01') })).toEqual(pause);
  });

  it('by an early notice does not wait for the late one', () => {
    expect(step('2026-01-08', warned('2026-01-03', { lastNotice: 5 }))).toEqual(pause);
  });
});

describe('a churned account', () => {
  const churnedAt = date('2026-01-08');
  it('is restored when nothing is open, whatever else', () => {
    expect(step('2026-01-08', { churnedAt, owes: false, oldest: null, unresolved: true })).toEqual({ type: 'restore' });
  });

  it('is written off after 90 days, unless money may have moved', () => {
    expect(step('2026-04-07 23:59:59', { churnedAt })).toBeNull();
    expect(step('2026-04-08', { churnedAt })).toEqual({ type: 'write-off' });
    expect(step('2026-05-08', { churnedAt, unresolved: true })).toBeNull();
  });

  it('is neither warned nor paused again', () => {
    expect(step('2026-02-08', { churnedAt, ...warned('2026-01-03') })).toBeNull();
  });
});

describe('the next look', () => {
  const HOUR_MS = 3_600_000;
  const look = (at: string, change: Partial<DunningAccount> = {}) =>
    nextDunningLook(account(change), { now: date(at) });

  it('is when the next notice or the pause may come, and at least once a day', () => {
    expect(look('2026-01-02 12:00:00')).toEqual(date('2026-01-03'));
    expect(look('2026-01-03', { oldest: invoice({ lastNotice: 5 }) })).toEqual(date('2026-01-04'));
    expect(look('2026-01-07 18:00:00', warned('2026-01-03'))).toEqual(date('2026-01-08'));
    expect(look('2026-04-07 18:00:00', { churnedAt: date('2026-01-08') })).toEqual(date('2026-04-08'));
    expect(look('2026-02-01', { churnedAt: date('2026-01-08') })).toEqual(date('2026-02-02'));
  });

  it('comes soon while something that nobody announces is in the way', () => {
    for (const change of [{ unresolved: true }, { several: true }, { oldest: null }])
      expect(look('2026-01-20', change)).toEqual(date('2026-01-20 00:30:00'));
    expect(look('2026-05-01', { churnedAt: date('2026-01-08'), unresolved: true })).toEqual(
      date('2026-05-01 00:30:00'),
    );
  });

  it('is never for whom nothing is owed', () => {
    expect(look('2026-01-20', { owes: false, oldest: null })).toBeNull();
  });

  it('misses no step of any account, to the hour', () => {
    const hours = fc.nat(100 * 24).map((hour) => new Date(date('2026-01-01').getTime() + hour * HOUR_MS));
    const accounts = fc.record({
      shortGrace: fc.boolean(),
      churnedAt: fc.option(hours),
      owes: fc.constant(true),
      unresolved: fc.constant(false),
      several: fc.boolean(),
      oldest: fc.record({
        issuedAt: fc.constant(date('2026-01-01')),
        lastNotice: fc.constantFrom(null, 5, 2),
        warnedAt: fc.option(hours),
      }),
    });
    fc.assert(
      fc.property(accounts, hours, fc.integer({ min: 1, max: 40 }), (given, now, graceDays) => {
        fc.pre(dunningStep(given, { now, graceDays }) === null);
        const next = nextDunningLook(given, { now, graceDays });
        for (let ms = now.getTime(); ms < (next?.getTime() ?? 0); ms += HOUR_MS)
          expect(dunningStep(given, { now: new Date(ms), graceDays })).toBeNull();
      }),
    );
  });
});
