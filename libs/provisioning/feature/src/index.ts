export { clockSkewGauge } from './clock-skew-gauge.js';
export type { JsonObject, JsonValue } from './json.js';
export type { ClaimedRelay, RelayInfo, RelaySyncs, Zooid, ZooidAnswer } from './ports.js';
export { findRelayMembers } from './relay-members.js';
export { sweepRelays } from './sweep-relays.js';
export { syncRelay } from './sync-relay.js';
export type { SyncRelay, SyncRelayDeps } from './sync-relay.js';
export { toZooidConfig } from './zooid-config.js';
export type { ZooidSettings } from './zooid-config.js';
