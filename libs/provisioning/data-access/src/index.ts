export type { AdoptedInfo } from './adopt-info.js';
export { dnsResolver } from './dns-resolver.js';
export { domainStore } from './domain-store.js';
export { hostPlaces } from './host-places.js';
export type { JsonObject, JsonValue } from './json.js';
export type { FailedRelay, RecordedFailure } from './mark-failed.js';
export type { SyncedRelay } from './mark-synced.js';
export type { ClaimedMove, Move, MoveState } from './move/move-row.js';
export { moveStore } from './move/move-store.js';
export type { MoveStore, MoveStoreDeps } from './move/move-store.js';
export type { Postponed } from './move/move-steps.js';
export type { MovedRelay } from './move/moved-relay.js';
export type { PlannedMove } from './move/plan-move.js';
export { provisioningStore } from './provisioning-store.js';
export type {
  ClaimedRelay,
  PostponedRelay,
  ProvisioningStore,
  ProvisioningStoreDeps,
  WaitingRelay,
} from './provisioning-store.js';
export { ClaimLostError } from './relay-claims.js';
export type { RelayClaim } from './relay-claims.js';
export type { RelayInfo } from './relay-info.js';
export { findRelayKey } from './relay-key.js';
export type { Place } from './relay-place.js';
export { removalStore } from './removal-store.js';
export type { RemovalStore } from './removal-store.js';
export { relaySecretBox, RelaySecretError } from './relay-secret-box.js';
export type { RelaySecretBox } from './relay-secret-box.js';
export { exportRelay } from './transfer/export-relay.js';
export type { ExportRelayOptions } from './transfer/export-relay.js';
export type { StoredEvent } from './transfer/relay-reader.js';
export { importRelay } from './transfer/import-relay.js';
export type { ImportProblem, ImportRelayOptions, ImportResult } from './transfer/import-relay.js';
export { relayContents } from './usage/read-contents.js';
export { usageStore } from './usage/usage-store.js';
export type { UsageStore } from './usage/usage-store.js';
export { zooidClient } from './zooid-client.js';
export type { ZooidAnswer, ZooidClient, ZooidClientOptions } from './zooid-client.js';
export { ZooidError } from './zooid-error.js';
