const DAY_MS = 86_400_000;
const FIRST_DAYS = [1, 3, 5];
const WEEK_DAYS = 7;

/**
 * When an invoice is tried next: at its issue, 1, 3 and 5 days after it, then weekly. The first of these after `now`, so that
 * tries missed in an outage are not made up for in a row.
 */
export function nextTryAt(issuedAt: Date, now: Date): Date {
  const ageDays = (now.getTime() - issuedAt.getTime()) / DAY_MS;
  const last = FIRST_DAYS.at(-1) ?? 0;
  const weeks = Math.max(1, Math.floor((ageDays - last) / WEEK_DAYS) + 1);
  const days = FIRST_DAYS.find((day) => day > ageDays) ?? last + weeks * WEEK_DAYS;
  return new Date(issuedAt.getTime() + days * DAY_MS);
}
