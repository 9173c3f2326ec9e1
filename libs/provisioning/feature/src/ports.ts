import type { Id, Pubkey, Relay } from '@caravel/domain';
import type { InfoField } from './info-fields.js';
import type { JsonObject } from './json.js';
import type { RelayPlacing } from './place-relay.js';
import type { RelayPlaces } from './zooid-instances.js';

/** How far zooid is with each relay. Every write names the claim it happens under. */
export interface RelaySyncs extends RelayPlaces, RelayPlacing {
  /** Those that wait longest first, without the relays of instances that are held back. */
  due: (limit: number, heldBack: readonly string[]) => Promise<Id[]>;
  /** Null: nothing is due, or somebody else works on the relay. */
  claim: (relayId: Id) => Promise<ClaimedRelay | null>;
  release: (claim: RelayClaim) => Promise<void>;
  /** Gives the claim back; nothing is due before `until`, unless the desired state changes. Counts as no failure. */
  postpone: (postponed: { claim: RelayClaim; generation: number; until: Date }) => Promise<void>;
  /** Takes over what the owner changed, where the tenant has not changed it since. The relay as it is then. */
  adopt: (adoption: Adoption) => Promise<Relay>;
  /** The relay's secret key, made and stored at first need. */
  secret: (claim: RelayClaim) => Promise<string>;
  /** Replaces what zooid is known to have; throws when the claim was lost. */
  noteKnown: (claim: RelayClaim, config: JsonObject | null) => Promise<void>;
  markWaiting: (waiting: SyncState & WaitingState) => Promise<void>;
  /** Null when the claim was lost; `newer`: more has changed meanwhile. */
  markSynced: (synced: SyncState & { tenantPubkey: Pubkey }) => Promise<{ newer: boolean } | null>;
  /** Null when the failure doesn't count: the claim was lost, or the desired state has changed. */
  markFailed: (failed: FailedSync) => Promise<{ failures: number; nextTryAt: Date | null } | null>;
}

/** The right to work on one relay, alone, until then. */
export interface RelayClaim {
  relayId: Id;
  until: Date;
}

export interface ClaimedRelay {
  claim: RelayClaim;
  relay: Relay;
  /** The zooid that has it; null while none was chosen. */
  instance: string | null;
  /** What zooid is known to have: secrets as fingerprints, null where it is uncertain; null when nothing is known. */
  known: JsonObject | null;
  /** Since when zooid has accepted all of it without showing it. */
  waitingSince: Date | null;
  /** What it was told then and may not show yet. */
  pending: readonly InfoField[];
  createdAt: Date;
  /** Has been seen answering. */
  everSynced: boolean;
}

/** What checks of synced relays need of the rows: one at a time, under the same claim as a sync. */
export interface RelayChecks extends Pick<RelaySyncs, 'adopt' | 'release'> {
  /** Synced relays whose turn has come, longest first, without those of instances that are held back. */
  dueChecks: (limit: number, heldBack: readonly string[]) => Promise<Id[]>;
  claimCheck: (relayId: Id) => Promise<ClaimedRelay | null>;
  /** Gives the claim back until `again`, without which it is about a day. */
  markChecked: (claim: RelayClaim, again?: Date) => Promise<void>;
  /** zooid has something else, or (null) nothing that is known: the relay is due for a sync. Gives the claim back. */
  markAstray: (claim: RelayClaim, known: JsonObject | null) => Promise<void>;
  /** Has so many of the instance's relays checked now. */
  hasten: (instance: string, count: number) => Promise<void>;
}

/** `changes` are compare-and-set on the relay's row; `config` is what zooid has. */
export interface Adoption {
  claim: RelayClaim;
  tenantPubkey: Pubkey;
  config: JsonObject;
  pending: readonly InfoField[];
  waitingSince: Date | null;
  changes: readonly { field: InfoField; from: string; to: string }[];
}

interface WaitingState {
  since: Date;
  recheckAt: Date;
  pending: readonly InfoField[];
}

export interface SyncState {
  claim: RelayClaim;
  generation: number;
  config: JsonObject;
}

export interface FailedSync {
  claim: RelayClaim;
  tenantPubkey: Pubkey;
  generation: number;
  error: string;
  retryAt: (failures: number) => Date | null;
}

/** zooid's management API and what its relays show. Throws an AppError when it is unknown what zooid did. */
export interface Zooid {
  /** False while management calls would be held back; always true where this is left out. */
  available?: () => boolean;
  create: (relayId: Id, config: JsonObject, signal: AbortSignal) => Promise<ZooidAnswer>;
  patch: (relayId: Id, patch: JsonObject, signal: AbortSignal) => Promise<ZooidAnswer>;
  /** Done also when zooid did not know it. */
  remove: (relayId: Id, signal: AbortSignal) => Promise<void>;
  /** Null when no relay is served under that host name. */
  relayInfo: (host: string, signal: AbortSignal) => Promise<RelayInfo | null>;
}

/** What zooid certainly did: everything, or nothing. */
export type ZooidAnswer = { kind: 'done' | 'conflict' | 'missing' } | { kind: 'refused'; reason: string };

/** NIP-11, as far as the configuration decides it. */
export interface RelayInfo {
  name: string;
  icon: string;
  description: string;
  pubkey: string;
}
