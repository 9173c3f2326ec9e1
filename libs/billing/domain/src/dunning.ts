const DAY_MS = 86_400_000;

/** After a write-off there is one day, until an admin clears that. */
const SHORT_GRACE_DAYS = 1;
/** "Paused in n days" is said this many days before. The last one leaves room for the 48 hours below. */
const NOTICE_DAYS = [5, 2] as const;
/** Nobody is paused sooner than this after being told, whatever was out of order meanwhile. */
const WARNED_MS = 2 * DAY_MS;
const WRITE_OFF_MS = 90 * DAY_MS;

/** What nobody announces is looked for at least this often. */
const LOOK_AGAIN_MS = DAY_MS;
/** The end of an attempt, a first try, and which of several invoices is the oldest are not announced, and decide a date. */
const LOOK_SOON_MS = 30 * 60_000;

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
  /** Has more than one open invoice. */
  several: boolean;
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

/**
 * When an account about which nothing is to be done at `now` is to be looked at again; null when nothing is owed, until
 * another invoice is cut. Never later than the next date of {@link dunningStep}, whatever the robot does meanwhile.
 */
export function nextDunningLook(
  account: DunningAccount,
  { now, graceDays = DEFAULT_GRACE_DAYS }: { now: Date; graceDays?: number },
): Date | null {
  const { churnedAt, owes, unresolved, oldest, several } = account;
  if (!owes && !churnedAt) return null;
  const dates = churnedAt ? [churnedAt.getTime() + WRITE_OFF_MS] : datesOf(account, { now, graceDays });
  const ahead = dates.filter((ms) => ms > now.getTime());
  const unclear = churnedAt ? ahead.length === 0 : unresolved || several || !oldest;
  return new Date(Math.min(now.getTime() + (unclear ? LOOK_SOON_MS : LOOK_AGAIN_MS), ...ahead));
}

/** When the next notice and the pause may come: a notice that was not sent by now holds the pause back for as long. */
function datesOf(account: DunningAccount, { now, graceDays }: { now: Date; graceDays: number }): number[] {
  if (!account.oldest) return [];
  const { issuedAt, warnedAt } = account.oldest;
  const days = graceOf(account, graceDays);
  const dueMs = issuedAt.getTime() + days * DAY_MS;
  const notices = noticesOf(days).map((n) => dueMs - n * DAY_MS);
  return [...notices, Math.max(dueMs, (warnedAt ?? now).getTime() + WARNED_MS)];
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
