/** A half-open stretch of time `[startS, endS)` in unix seconds: one calendar month of a tenant. */
export interface Period {
  startS: number;
  endS: number;
}

/**
 * Boundary `n` of an anchor: `n` calendar months later in UTC at the same time of day, the day clamped to the length of the
 * month (31 Jan → 28 Feb → 31 Mar). Always counted from the anchor, so a short month leaves no trace. PostgreSQL's
 * `anchor + n * interval '1 month'` in UTC gives the same.
 */
export function periodBoundary(anchorS: number, n: number): number {
  const anchor = new Date(anchorS * 1000);
  const [year, month] = [anchor.getUTCFullYear(), anchor.getUTCMonth() + n];
  const lastDayOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const dayMs = Date.UTC(year, month, Math.min(anchor.getUTCDate(), lastDayOfMonth));
  const secondOfDay = ((anchorS % DAY_S) + DAY_S) % DAY_S;
  return dayMs / 1000 + secondOfDay;
}

/** Period `index` of an anchor: from boundary `index` to the next. */
export function periodOf(anchorS: number, index: number): Period {
  return { startS: periodBoundary(anchorS, index), endS: periodBoundary(anchorS, index + 1) };
}

const DAY_S = 86_400;
