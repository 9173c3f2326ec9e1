export { openSpend } from './open-spend.js';
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
