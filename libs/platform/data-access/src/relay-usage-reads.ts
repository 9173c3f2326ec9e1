import { AppError, fromUnixSeconds, unixSeconds } from '@caravel/domain';
import type { Id, IdleStages, RelayUsage, UsageCounts, UsageDay } from '@caravel/domain';
import type { Db } from './database.js';

export type RelayUsageReads = ReturnType<typeof relayUsageReads>;

/** How relays are used: what the provisioner saw, and what the gateway makes of it. */
export function relayUsageReads(db: Db) {
  return {
    /** The last look, and the days from `fromS` on. Throws `not-found`. */
    ofRelay: async (relayId: Id, { fromS }: { fromS: number }): Promise<RelayUsage> => {
      const [relay, sample, days, lastActive, idle] = await Promise.all([
        db.relay.findUnique({ where: { id: relayId }, select: { plan: { select: { members: true } } } }),
        db.relaySample.findUnique({ where: { relayId } }),
        db.relayUsage.findMany({
          where: { relayId, day: { gte: fromUnixSeconds(fromS) } },
          orderBy: { day: 'desc' },
        }),
        db.relayUsage.findFirst({
          where: { relayId, active: true },
          orderBy: { day: 'desc' },
          select: { sampledAt: true },
        }),
        db.relayIdle.findUnique({ where: { relayId } }),
      ]);
      if (!relay) throw new AppError('not-found', 'There is no such relay.');
      return {
        ...countsOf(sample ?? UNKNOWN),
        sampledAtS: secondsOrNull(sample?.sampledAt),
        memberLimit: relay.plan.members,
        lastActiveAtS: secondsOrNull(lastActive?.sampledAt),
        idle: idle && stagesOf(idle),
        days: days.map(toDay),
      };
    },
  };
}

const toDay = (row: Counts & { day: Date; sampledAt: Date }): UsageDay => ({
  day: row.day.toISOString().slice(0, 10),
  ...countsOf(row),
  sampledAtS: unixSeconds(row.sampledAt),
});

const countsOf = ({ events, members, bytes }: Counts): UsageCounts => ({
  events: numberOrNull(events),
  members: numberOrNull(members),
  bytes: numberOrNull(bytes),
});

const stagesOf = (idle: Stages): IdleStages => ({
  announcedAtS: unixSeconds(idle.announcedAt),
  stopAtS: unixSeconds(idle.stopAt),
  stoppedAtS: secondsOrNull(idle.stoppedAt),
  deleteAtS: secondsOrNull(idle.deleteAt),
});

const UNKNOWN: Counts = { events: null, members: null, bytes: null };
const numberOrNull = (count: bigint | null) => (count === null ? null : Number(count));
const secondsOrNull = (date: Date | null | undefined) => (date ? unixSeconds(date) : null);

type Counts = Record<keyof UsageCounts, bigint | null>;

interface Stages {
  announcedAt: Date;
  stopAt: Date;
  stoppedAt: Date | null;
  deleteAt: Date | null;
}
