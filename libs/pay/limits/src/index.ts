export { bucketDebits } from './buckets.js';
export type { Debit } from './buckets.js';
export { toLimitStatus, toSpendRule } from './limit-rule.js';
export type { LocatedLimit } from './limit-rule.js';
export { limitText, parseLimit, parseWindow } from './limit-text.js';
export { NATIVE_UNIT } from './limit-units.js';
export { openSpend } from './open-spend.js';
export { pruneSpend } from './prune-spend.js';
export type {
  BucketDebits,
  PaymentState,
  Reservation,
  ReserveResult,
  RuleStatus,
  Settlement,
  Spend,
  SpendRule,
} from './spend.js';
