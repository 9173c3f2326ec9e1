import { z } from 'zod';

/**
 * What phoenixd answers (ACINQ/phoenixd Api.kt, v0.6 to v0.8). Nulls are left out; `…Sat` are sats, `fees` millisatoshis, times
 * milliseconds. What is not needed is not asked for, so that a new release changes nothing here.
 */
const text = z.string();
const whole = z.int().nonnegative();
const count = whole.default(0);

export const balanceSchema = z.object({ balanceSat: whole, feeCreditSat: whole.optional() });
export const infoSchema = z.object({ chain: text.optional() });
export const invoiceSchema = z.object({ serialized: text });

/** A failed payment is answered with 200 as well: paid is what has a preimage. */
export const paidSchema = z.object({
  paymentPreimage: text,
  paymentHash: text,
  routingFeeSat: count,
});
export const failedSchema = z.object({ reason: text, paymentHash: text.optional() });

export const incomingSchema = z.object({
  paymentHash: text,
  preimage: text.optional(),
  description: text.optional(),
  isPaid: z.boolean(),
  isExpired: z.boolean().optional(),
  requestedSat: whole.optional(),
  receivedSat: count,
  fees: count,
  expiresAt: whole.optional(),
  completedAt: whole.optional(),
  createdAt: count,
});
export type PhoenixdIncoming = z.output<typeof incomingSchema>;

export const outgoingSchema = z.object({
  paymentHash: text.optional(),
  txId: text.optional(),
  preimage: text.optional(),
  isPaid: z.boolean(),
  /** Fee included. */
  sent: count,
  fees: count,
  completedAt: whole.optional(),
  createdAt: count,
});
export type PhoenixdOutgoing = z.output<typeof outgoingSchema>;
