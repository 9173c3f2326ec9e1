import type { PayRow } from '@caravel/pay-store';
import { z } from 'zod';
import type { PaymentState, RuleStatus, SpendRule } from './spend.js';

/** Rows of either back end; amounts are digits. */
const digits = z.string().transform(BigInt);
const ruleSchema = z.object({
  rule_id: z.string(),
  bucket: z.string(),
  window_ms: z.number(),
  max_spend: digits,
  said: z.string(),
  origin: z.enum(['command', 'config', 'key']),
});

export function toRule(row: PayRow): SpendRule {
  const { rule_id: ruleId, window_ms: windowMs, max_spend: max, ...rest } = ruleSchema.parse(row);
  return { ruleId, windowMs, max, ...rest };
}

export function toStatus(row: PayRow): RuleStatus {
  const { spent, oldest_at_ms: oldestAtMs } = statusSchema.parse(row);
  return { ...toRule(row), spent, oldestAtMs };
}
const statusSchema = z.object({ spent: digits, oldest_at_ms: z.number().nullable() });

export const toState = (row: PayRow): PaymentState => stateSchema.parse(row).state;
const stateSchema = z.object({ state: z.enum(['reserved', 'dispatched', 'unknown', 'sent', 'not_sent']) });

/** An amount of a row; nothing is nothing. */
export const digitsOf = (value: unknown): bigint => (value === undefined ? 0n : digits.parse(value));
