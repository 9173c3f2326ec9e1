/** What a payment counts in one bucket, in base units; in dollars, micro-dollars. Above zero. */
export type BucketDebits = ReadonlyMap<string, bigint>;

/** A limit on one bucket: at most `max` within any `windowMs`. */
export interface SpendRule {
  ruleId: string;
  bucket: string;
  windowMs: number;
  max: bigint;
  /** As it was asked for, for people and answers. */
  said: string;
  /** Rules of config.toml and of keys can't be removed by command. */
  origin: 'command' | 'config' | 'key';
}

/** `spent` includes what is held. `oldestAtMs`: of what is settled and counts. */
export interface RuleStatus extends SpendRule {
  spent: bigint;
  oldestAtMs: number | null;
}

export type PaymentState = 'reserved' | 'dispatched' | 'unknown' | 'sent' | 'not_sent';

export interface Reservation {
  /** Request key ‖ ":" ‖ attempt number. */
  opId: string;
  requestHash: string;
  debits: BucketDebits;
  nowMs: number;
  /** Lightning knows what it will ask for before it asks, and begins as `dispatched`. */
  state?: 'reserved' | 'dispatched';
}

export type ReserveResult =
  | { result: 'ok' }
  /** The same payment was reserved before. */
  | { result: 'exists'; state: PaymentState }
  /** Another payment under the same id. */
  | { result: 'conflict' }
  /** The first rule, by id, that would be broken; nothing is held. */
  | { result: 'limit_exceeded'; rule: SpendRule; spent: bigint; remainingMs: number };

export interface Settlement {
  opId: string;
  outcome: 'sent' | 'not_sent';
  /** What really left: amount and fee; of a payment that was not sent only a fee that burned. */
  debits: BucketDebits;
  nowMs: number;
}

/**
 * The books of what was spent, exact under concurrency over processes (`pay-limits.md`). Each function is one transaction of its
 * own, takes the lock first and reads after it; never call one inside another transaction.
 */
export interface Spend {
  addRule: (rule: SpendRule, nowMs: number) => Promise<void>;
  /** False when there is none that a command may remove. What was spent stays known. */
  removeRule: (ruleId: string) => Promise<boolean>;
  /** Puts these in the place of all that were added by command, at once. */
  replaceRules: (rules: readonly SpendRule[], nowMs: number) => Promise<void>;
  status: (nowMs: number, buckets?: readonly string[]) => Promise<RuleStatus[]>;
  reserve: (reservation: Reservation) => Promise<ReserveResult>;
  /** Compare and set. False: somebody else moved it, and the caller must not call the provider. */
  move: (opId: string, from: 'reserved' | 'dispatched', to: 'dispatched' | 'unknown') => Promise<boolean>;
  /** `already`: it was ended before, and stays as it was. */
  settle: (settlement: Settlement) => Promise<'ok' | 'already'>;
}
