/** What is known of how a relay is used. Counts are null where the relay doesn't tell. */
export interface RelayUsage extends UsageCounts {
  /** When somebody looked last; null before the first look. */
  sampledAtS: number | null;
  /** Of its plan; null: unlimited. */
  memberLimit: number | null;
  /** When anything last happened at the relay, as far as looks can tell; null when they have not seen anything happen. */
  lastActiveAtS: number | null;
  /** Set while the relay is on its way to be stopped and deleted, because it is free and nobody uses it. */
  idle: IdleStages | null;
  /** Newest first. A day nobody looked is missing. */
  days: readonly UsageDay[];
}

export interface UsageCounts {
  events: number | null;
  members: number | null;
  bytes: number | null;
}

export interface UsageDay extends UsageCounts {
  /** `2026-11-20`, in UTC. */
  day: string;
  sampledAtS: number;
}

export interface IdleStages {
  announcedAtS: number;
  stopAtS: number;
  stoppedAtS: number | null;
  deleteAtS: number | null;
}
