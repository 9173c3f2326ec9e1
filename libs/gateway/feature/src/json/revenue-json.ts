import type { revenueJson } from '@caravel/api-contract';
import { unixSeconds } from '@caravel/domain';
import type { z } from 'zod';
import type { RevenuePort } from '../money-ports.js';

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
