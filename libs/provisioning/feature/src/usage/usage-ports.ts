import type { Id, Pubkey } from '@caravel/domain';

/** What is counted, when, and what came of it. */
export interface RelayUsages {
  /** Takes relays whose turn has come, those that wait longest first, for nobody else until the lease ends. */
  claimDue: (limit: number) => Promise<CountedRelay[]>;
  /** Writes one look, and when the next one is. Answers whether the tenant is told something. */
  save: (look: UsageLook) => Promise<{ told: boolean }>;
  /** Nothing could be learnt: the series has a gap, and the next look is then. */
  postpone: (relayId: Id, until: Date) => Promise<void>;
  /** Sums of the last looks at relays that are not deleted. */
  totals: () => Promise<UsageTotals>;
  /** Drops days that are kept no longer, at most `limit`; answers how many. */
  forget: (before: Date, limit: number) => Promise<number>;
}

/** A relay to look at, and what the last look saw. */
export interface CountedRelay {
  id: Id;
  tenantPubkey: Pubkey;
  /** What a person calls it. */
  name: string;
  host: string;
  /** It may store files. */
  hasFiles: boolean;
  /** Of its plan; null: unlimited. */
  memberLimit: number | null;
  before: UsageTraces & { events: bigint | null; overLimitSince: Date | null };
}

/** What shows that something happened between two looks. Null: not known. */
export interface UsageTraces {
  /** Id of the newest event that the relay did not write itself; '' when there is none. */
  newestEvent: string | null;
  /** A hash of who is a member. */
  membersHash: string | null;
}

/** What one look saw; null where the relay does not tell. */
export interface UsageLook extends UsageTraces {
  relay: CountedRelay;
  events: bigint | null;
  members: number | null;
  bytes: bigint | null;
  /** Whether anything happened since the last look; null when that can't be said. */
  active: boolean | null;
  nextAt: Date;
}

export interface UsageTotals {
  relays: number;
  overLimit: number;
  events: number;
  members: number;
  bytes: number;
  /** For how long the relay has waited that waits longest; 0 when none does. */
  lateS: number;
}

/** What a relay shows to its own key. */
export interface RelayContents {
  /** How many events it has; null when it neither counts nor has few enough to be read. */
  events: bigint | null;
  /** See `UsageTraces`. */
  newestEvent: string;
  /** What its files take; null when it does not tell. */
  bytes: bigint | null;
}
