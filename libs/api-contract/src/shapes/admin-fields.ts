import { z } from 'zod';
import { reasonJson } from './reason-json.js';

/** More is a slip of the keyboard. */
const MAX_CENTS = 10_000_000;

const notZero = z
  .int()
  .min(-MAX_CENTS)
  .max(MAX_CENTS)
  .refine((value) => value !== 0, { error: 'must not be zero' });

/** Body of POST /tenants/:pubkey/adjustments; `amount` is cents. */
export const adjustmentBody = z.object({ amount: notZero, reason: reasonJson });

/** Body of POST /tenants/:pubkey/refunds; `amount` is cents. */
export const refundBody = z.object({ amount: z.int().min(1).max(MAX_CENTS), reason: reasonJson });

/** Body of POST /tenants/:pubkey/clear-grace. */
export const clearGraceBody = z.object({ reason: reasonJson });

/** Body of POST /invoices/:id/void. */
export const voidBody = z.object({ mode: z.enum(['forgive', 'recut']), reason: reasonJson });

const expected = 'must be a moment in unix seconds';
const moment = z
  .string({ error: expected })
  .regex(/^\d{1,11}$/, expected)
  .transform(Number);

/** Query of GET /revenue. */
export const revenueQuery = z.object({ from: moment.exactOptional(), to: moment.exactOptional() });
