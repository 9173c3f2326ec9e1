import type { RelayIdle, RelayUse } from '../idle-port.js';

/** What follows from how a relay is used, now. `wait`: nothing yet, look again then. */
export type IdleStep =
  | { kind: 'wait'; until: Date }
  | { kind: 'announce'; stopAt: Date }
  | { kind: 'stop'; deleteAt: Date }
  | { kind: 'delete' }
  /** It is used, or does not belong here: what was begun is over. */
  | { kind: 'end' };

/**
 * A free relay that nobody has used for `idleDays` is announced, `NOTICE_DAYS` later stopped, and `KEEP_STOPPED_DAYS` after that
 * deleted. Only days on which somebody looked count, so an outage of ours, or a clock that jumps, makes nobody idle; what follows waits
 * until its message has reached the tenant (or was given up) for `NOTICE_DAYS`, and until a fresh look has found nothing
 * new. Any sign of life, and a paid plan, end it at every stage. Pure.
 */
export function idleStep(use: RelayUse, { now, idleDays }: { now: Date; idleDays: number }): IdleStep {
  const { idle } = use;
  if (!idle) return mayBegin(use, { now, idleDays });
  const expected = idle.stoppedAt ? 'inactive' : 'active';
  if (!use.isFree || use.status !== expected || use.lastUsedAt > idle.since) return { kind: 'end' };
  return idle.stoppedAt ? mayDelete(use, idle, now) : mayStop(use, idle, now);
}

function mayBegin(use: RelayUse, { now, idleDays }: { now: Date; idleDays: number }): IdleStep {
  // Whatever would make it a free and running relay is a sign of life, from which the days are counted.
  if (!use.isFree || use.status !== 'active') return { kind: 'wait', until: days(idleDays, now) };
  const earliest = latest(days(idleDays, use.lastUsedAt), days(idleDays - use.quietDays, now));
  if (earliest > now) return { kind: 'wait', until: earliest };
  return isFresh(use, now) ? { kind: 'announce', stopAt: days(NOTICE_DAYS, now) } : waitADay(now, now);
}

function mayStop(use: RelayUse, { stopAt, toldAt }: RelayIdle, now: Date): IdleStep {
  if (!isDue({ at: stopAt, toldAt, now }) || !isFresh(use, now)) return waitADay(now, stopAt);
  return { kind: 'stop', deleteAt: days(KEEP_STOPPED_DAYS, now) };
}

function mayDelete(use: RelayUse, { deleteAt, toldAt }: RelayIdle, now: Date): IdleStep {
  const at = deleteAt ?? days(KEEP_STOPPED_DAYS, now);
  return isDue({ at, toldAt, now }) && use.isSynced ? { kind: 'delete' } : waitADay(now, at);
}

/** Somebody has looked lately. */
const isFresh = ({ lastQuietAt }: RelayUse, now: Date): boolean =>
  lastQuietAt !== null && days(FRESH_DAYS, lastQuietAt) >= now;

/** The date that was named has come, and whoever it was named to has had the time that it promised. */
const isDue = ({ at, toldAt, now }: { at: Date; toldAt: Date | null; now: Date }): boolean =>
  at <= now && toldAt !== null && days(NOTICE_DAYS, toldAt) <= now;

/** Looked at every day, so that a sign of life is seen soon; on the day itself every hour. */
function waitADay(now: Date, at: Date): IdleStep {
  const until = at > now ? new Date(Math.min(at.getTime(), days(1, now).getTime())) : new Date(now.getTime() + HOUR_MS);
  return { kind: 'wait', until };
}

export const NOTICE_DAYS = 14;
export const KEEP_STOPPED_DAYS = 30;
/** Every relay is looked at once a day. */
const FRESH_DAYS = 2;
const HOUR_MS = 3_600_000;

const days = (count: number, after: Date): Date => new Date(after.getTime() + count * 24 * HOUR_MS);
const latest = (a: Date, b: Date): Date => (a > b ? a : b);
