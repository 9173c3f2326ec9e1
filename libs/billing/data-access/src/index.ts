export type { AccountDeps, AccountReplayed, Replay } from './account.js';
export { accountStore } from './account-store.js';
export type { AccountStore, BoundaryCursor } from './account-store.js';
export { checkLedger } from './ledger.js';
export type { LedgerProblem } from './ledger.js';
