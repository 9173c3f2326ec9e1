import type { Id, Pubkey, Relay } from '@caravel/domain';
import type { JsonObject } from './json.js';
import type { RelayPlacing } from './place-relay.js';
import type { RelayPlaces } from './zooid-instances.js';

/** How far zooid is with each relay. Every write names the claim it happens under. */
export interface RelaySyncs extends RelayPlaces, RelayPlacing {
  due: (limit: number) => Promise<Id[]>;
  /** Null: nothing is due, or somebody else works on the relay. */
  claim: (relayId: Id) => Promise<ClaimedRelay | null>;
  release: (claim: RelayClaim) => Promise<void>;
  /** The relay's secret key, made and stored at first need. */
  secret: (claim: RelayClaim) => Promise<string>;
  /** Replaces what zooid is known to have; throws when the claim was lost. */
  noteKnown: (claim: RelayClaim, config: JsonObject | null) => Promise<void>;
  markWaiting: (waiting: SyncState & { since: Date; recheckAt: Date }) => Promise<void>;
  /** False when the claim was lost. */
  markSynced: (synced: SyncState & { tenantPubkey: Pubkey }) => Promise<boolean>;
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
