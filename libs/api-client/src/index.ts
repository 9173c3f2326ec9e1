export { ApiError } from './api-error.js';
export type { Answer } from './answer.js';
export type { CallName, Calls, RawBody, TenantEventJson } from './call-types.js';
export type { CallOptions, ClientOptions } from './client-options.js';
export { createClient } from './create-client.js';
export type { Client } from './create-client.js';
export type { EventTemplate, Signer } from './signer.js';
export type { Surroundings } from './surroundings.js';
export type { EventsOptions, TenantEvent } from './tenant-events.js';
