import { parseJson, spendLimitSchema } from '@caravel/pay-protocol';
import type { LimitStatus } from '@caravel/pay-protocol';
import { toLimitStatus } from '@caravel/pay-limits';
import type { Spend } from '@caravel/pay-limits';

/** Every rule here with what is spent of it, and the bucket that it watches. */
export async function limitStatuses(spend: Spend, nowMs: number): Promise<{ bucket: string; status: LimitStatus }[]> {
  const rules = await spend.status(nowMs);
  return rules.map((rule) => {
    const limit = spendLimitSchema.parse(parseJson(rule.said));
    return { bucket: rule.bucket, status: toLimitStatus(rule, limit, nowMs) };
  });
}
