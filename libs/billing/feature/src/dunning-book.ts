import type { Id, Pubkey } from '@caravel/domain';

/** Dunning, as billing's use cases need it. */
export interface DunningBook {
  /**
   * Looks at tenants whose time has come, for this process alone: `due` are those about whom something is to be done now, the
   * others wait for their next date. `looked` is 0 when there are no more.
   */
  look: (page: { limit: number }) => Promise<{ looked: number; due: DueTenant[] }>;
  /** Puts debtors on the calendar whom an older version left out. Reads all open invoices. */
  adopt: () => Promise<number>;
  /** Does the next step that is due, seen under the lock, in one transaction; null when there is none. Then look again. */
  advance: (tenantPubkey: Pubkey) => Promise<DunningStepName | null>;
  /** Relays whose desired state zooid has not got. */
  relaysToSync: (tenantPubkey: Pubkey) => Promise<Id[]>;
}

export type DunningStepName = 'warn' | 'pause' | 'restore' | 'write-off';

export interface DueTenant {
  tenantPubkey: Pubkey;
  step: DunningStepName;
}
