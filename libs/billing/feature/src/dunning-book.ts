import type { Id, Pubkey } from '@caravel/domain';

/** Dunning, as billing's use cases need it. */
export interface DunningBook {
  /** Who has to be warned or paused, the oldest debt first; page by page. */
  overdue: (page: { after: OverdueDebt | null; limit: number }) => Promise<DuePage<OverdueDebt>>;
  /** The same among tenants with a short grace, and those whose churn has to end. */
  marked: (page: { after: Pubkey | null; limit: number }) => Promise<DuePage<Pubkey>>;
  /** Does the next step that is due, seen under the lock, in one transaction; null when there is none. */
  advance: (tenantPubkey: Pubkey) => Promise<DunningStepName | null>;
  /** Relays whose desired state zooid has not got. */
  relaysToSync: (tenantPubkey: Pubkey) => Promise<Id[]>;
}

export type DunningStepName = 'warn' | 'pause' | 'restore' | 'write-off';

export interface DuePage<Cursor> {
  due: { tenantPubkey: Pubkey; step: DunningStepName }[];
  next: Cursor | null;
}

export interface OverdueDebt {
  issuedAt: Date;
  id: Id;
}
