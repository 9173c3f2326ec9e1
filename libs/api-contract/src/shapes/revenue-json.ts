import { z } from 'zod';
import { timeJson } from './scalars.js';

const amountJson = z.int();

/** Sums in cents. What happened from `from` on and before `to`; `mrr` and what is outstanding as of now. */
export const revenueJson = z.object({
  from: timeJson,
  to: timeJson,
  mrr: amountJson,
  collected_nwc: amountJson,
  collected_stripe: amountJson,
  collected_oob: amountJson,
  refunded: amountJson,
  written_off: amountJson,
  failed_attempts: z.int(),
  failed_amount: amountJson,
  delinquent_tenants: z.int(),
  delinquent_amount: amountJson,
  credit_outstanding: amountJson,
  open_invoices: z.int(),
  open_amount: amountJson,
});
