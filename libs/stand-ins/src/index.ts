export type { Call, CallLog } from './calls.js';
export { startControl } from './control.js';
export type { Control } from './control.js';
export { faultSchema } from './faults.js';
export type { Fault, FaultBook } from './faults.js';
export type { RelayPolicy } from './relay/relay-policy.js';
export { startRelay } from './relay/start-relay.js';
export type { RelayStandIn } from './relay/start-relay.js';
export type { StandIn } from './stand-in.js';
