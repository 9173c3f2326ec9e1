export { migrate } from './migrate.js';
export { openPostgres } from './open-postgres.js';
export { openSqlite } from './open-sqlite.js';
export { openStore } from './open-store.js';
export type { StoreLocation } from './open-store.js';
export type { PayDb, PayRow, PayTx, PayValue } from './pay-db.js';
export { sealer } from './sealer.js';
export type { SealedPlace, Sealer } from './sealer.js';
export { masterKey } from './master-key.js';
