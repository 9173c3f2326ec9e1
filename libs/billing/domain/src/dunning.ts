const DAY_MS = 86_400_000;

/** After a write-off there is one day, until an admin clears that. */
const SHORT_GRACE_DAYS = 1;
/** "Paused in n days" is said this many days before. The last one leaves room for the 48 hours below. */
const NOTICE_DAYS = [5, 2] as const;
/** Nobody is paused sooner than this after being told, whatever was out of order meanwhile. */
const WARNED_MS = 2 * DAY_MS;
const WRITE_OFF_MS = 90 * DAY_MS;

export const DEFAULT_GRACE_DAYS = 7;

/** What dunning looks at of one tenant. */
export interface DunningAccount {
  shortGrace: boolean;
  churnedAt: Date | null;
  /** Has any open invoice. */
  owes: boolean;
  /** Has an attempt whose end nobody knows: money may have moved. */
  unresolved: boolean;
  /** The oldest open invoice that was asked for at least once; it is the one whose time runs out first. */
  oldest: AskedInvoice | null;
}

export interface AskedInvoice {
  /** When it was really cut; a recut keeps the date, and the notices, of what it replaces. */
  issuedAt: Date;
  /** The smallest n of the notices "paused in n days" it had; null without any. */
  lastNotice: number | null;
  /** When the first of them was sent or proved undeliverable. */
  warnedAt: Date | null;
}

/**
 * `warn`: tell that the pause comes in `days`; `notice` is which of the notices that is. `pause`, `restore` and `write-off` are
 * the beginning and the two ends of churn.
 */
export type DunningStep =
  { type: 'warn'; notice: number; days: number } | { type: 'pause' } | { type: 'restore' } | { type: 'write-off' };

/**
 * What is to be done about a tenant's debts at `now`; null for nothing. Pure: the sweep asks it to find out who is due, and the
 * transaction asks it again under the tenant's lock. Due dates run from the issue, never from the period.
 *
 * A notice that was missed is not made up for, but no pause comes without one. While an attempt is unresolved nothing happens
 * that the tenant could suffer from.
 */
export function dunningStep(
  account: DunningAccount,
  { now, graceDays = DEFAULT_GRACE_DAYS }: { now: Date; graceDays?: number },
): DunningStep | null {
  const { churnedAt, owes, unresolved, oldest } = account;
  if (churnedAt) {
    if (!owes) return { type: 'restore' };
    const over = now.getTime() >= churnedAt.getTime() + WRITE_OFF_MS;
    return over && !unresolved ? { type: 'write-off' } : null;
  }
  if (!oldest || unresolved) return null;

  const days = graceOf(account, graceDays);
  const dueMs = oldest.issuedAt.getTime() + days * DAY_MS;
  const { lastNotice, warnedAt } = oldest;
  if (warnedAt && now.getTime() >= Math.max(dueMs, warnedAt.getTime() + WARNED_MS)) return { type: 'pause' };

  const notice = noticesOf(days).findLast((n) => now.getTime() >= dueMs - n * DAY_MS);
  if (notice === undefined || (lastNotice !== null && lastNotice <= notice)) return null;
  const pauseMs = Math.max(dueMs, now.getTime() + WARNED_MS);
  return { type: 'warn', notice, days: Math.ceil((pauseMs - now.getTime()) / DAY_MS) };
}

/** How long after its issue an open invoice can first have a notice: nobody with a younger one has to be looked at. */
export function firstNoticeMs(account: Pick<DunningAccount, 'shortGrace'>, graceDays = DEFAULT_GRACE_DAYS): number {
  const days = graceOf(account, graceDays);
  return Math.max(0, days - Math.max(...noticesOf(days))) * DAY_MS;
}

const graceOf = ({ shortGrace }: Pick<DunningAccount, 'shortGrace'>, graceDays: number): number =>
  shortGrace ? Math.min(SHORT_GRACE_DAYS, graceDays) : graceDays;

/** A short grace has no room for the early notices. */
function noticesOf(graceDays: number): number[] {
  const last = NOTICE_DAYS[NOTICE_DAYS.length - 1];
  return NOTICE_DAYS.filter((n) => n < graceDays || n === last);
}
