import { unixSeconds } from '@caravel/domain';
import { z } from 'zod';
import type { RevenuePort } from '../money-ports.js';
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

type Revenue = Awaited<ReturnType<RevenuePort['revenue']>>;

export function toRevenueJson({ from, to }: { from: Date; to: Date }, revenue: Revenue): z.output<typeof revenueJson> {
  return {
    from: unixSeconds(from),
    to: unixSeconds(to),
    mrr: revenue.mrr,
    collected_nwc: revenue.collected.nwc,
    collected_stripe: revenue.collected.stripe,
    collected_oob: revenue.collected.oob,
    refunded: revenue.refunded,
    written_off: revenue.writtenOff,
    failed_attempts: revenue.failedAttempts.count,
    failed_amount: revenue.failedAttempts.amount,
    delinquent_tenants: revenue.delinquent.tenants,
    delinquent_amount: revenue.delinquent.amount,
    credit_outstanding: revenue.creditOutstanding,
    open_invoices: revenue.openReceivables.invoices,
    open_amount: revenue.openReceivables.amount,
  };
}
