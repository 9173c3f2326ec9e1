export { createTestDatabase } from './database.js';
export type { Role, TestDatabase } from './database.js';
export { eventually } from './eventually.js';
export { queueBackends } from './queue-backends.js';
export type { QueueBackend } from './queue-backends.js';
export { watchedClient } from './watched-client.js';
export type { StatementWatch } from './watched-client.js';
export { watchPort } from './watch-port.js';
export type { Around } from './watch-port.js';
