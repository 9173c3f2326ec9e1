import type { Clock } from '@caravel/domain';
import type { Metrics } from '@caravel/service';
import type { RelayUsages } from './usage-ports.js';

/** So long a day of the series is kept. */
export const KEEP_USAGE_DAYS = 400;

/** What a slow sweep runs: totals into metrics (never a label per relay), and days that are too old forgotten. */
export function tellUsage({ usages, metrics, clock, pageSize = 5000 }: TellUsageDeps) {
  return async (signal: AbortSignal): Promise<void> => {
    const { relays, overLimit, events, members, bytes, lateS } = await usages.totals();
    metrics.gauge('relays_counted', relays);
    metrics.gauge('relays_over_member_limit', overLimit);
    metrics.gauge('relay_events', events);
    metrics.gauge('relay_members', members);
    metrics.gauge('relay_bytes', bytes);
    metrics.gauge('relay_looks_late_seconds', lateS);
    const before = new Date(clock.now().getTime() - KEEP_USAGE_DAYS * 86_400_000);
    for (let more = true; more && !signal.aborted;) more = (await usages.forget(before, pageSize)) === pageSize;
  };
}

interface TellUsageDeps {
  usages: Pick<RelayUsages, 'totals' | 'forget'>;
  metrics: Pick<Metrics, 'gauge'>;
  clock: Clock;
  pageSize?: number;
}
