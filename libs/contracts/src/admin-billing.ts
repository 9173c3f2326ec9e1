import { centsSchema, idSchema, pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { defineCall, refusedSchema } from './define.js';

/** Who commands it and why; repeating a `commandId` does nothing more. */
const command = {
  commandId: z.string().min(1).max(200),
  actor: pubkeySchema,
  reason: z.string().min(1).max(500),
};
const answer = z.union([z.object({ done: z.literal(true) }), refusedSchema('invoice-not-payable', 'invalid-request')]);

/**
 * gateway → billing, by an admin: ends an open invoice. `forgive` voids its items too; `recut` releases them, so that they come
 * with the next invoice.
 */
export const invoiceVoid = defineCall({
  name: 'invoice-void',
  service: 'billing-service',
  request: z.object({ ...command, invoiceId: idSchema, mode: z.enum(['forgive', 'recut']) }),
  answer,
});

/** gateway → billing, by an admin: a credit note (negative cents) or an extra charge (positive), on the next invoice. */
export const tenantAdjust = defineCall({
  name: 'tenant-adjust',
  service: 'billing-service',
  request: z.object({
    ...command,
    tenantPubkey: pubkeySchema,
    amountCents: centsSchema.refine((cents) => cents !== 0),
  }),
  answer,
});

/**
 * gateway → billing, by an admin: gives credit back to the cards it came from. The rows say how it went; `uncoveredCents` is what no
 * payment by card covers or Stripe refuses at once: it stays credit.
 */
export const tenantRefund = defineCall({
  name: 'tenant-refund',
  service: 'billing-service',
  request: z.object({ ...command, tenantPubkey: pubkeySchema, amountCents: centsSchema.refine((cents) => cents > 0) }),
  answer: z.union([
    z.object({ done: z.literal(true), uncoveredCents: centsSchema.optional() }),
    refusedSchema('invoice-not-payable', 'invalid-request'),
  ]),
  timeoutMs: 10_000,
});

/** gateway → billing, by an admin: a tenant that was written off has the full grace again instead of one day. */
export const tenantClearGrace = defineCall({
  name: 'tenant-clear-grace',
  service: 'billing-service',
  request: z.object({ ...command, tenantPubkey: pubkeySchema }),
  answer,
});
