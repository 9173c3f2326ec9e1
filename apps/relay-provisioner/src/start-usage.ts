import type { HistoryDeps, PrismaClient } from '@caravel/platform-data-access';
import { relayContents, usageStore } from '@caravel/provisioning-data-access';
import type { RelaySecretBox, ZooidClient } from '@caravel/provisioning-data-access';
import { countUsage, tellUsage } from '@caravel/provisioning-feature';
import type { RelayPlaces, ZooidInstances } from '@caravel/provisioning-feature';
import { startSweep } from '@caravel/queue';
import type { BellRinger } from '@caravel/queue';
import type { Logger, Metrics, Own } from '@caravel/service';

/** Looks at every relay once a day, spread over the day. */
export function startUsage({ own, ...deps }: UsageDeps & { own: Own }): void {
  const { count, tell } = usageSweeps(deps);
  own(startSweep({ name: 'relay-usage', everyMs: 30_000, run: count }, deps));
  own(startSweep({ name: 'relay-usage-totals', everyMs: 300_000, run: tell }, deps));
}

/** What is run to know how relays are used: `count` looks at those whose turn has come, `tell` sums up for the metrics. */
export function usageSweeps({ client, secretBox, ...deps }: UsageDeps) {
  const usages = usageStore(client, deps);
  const contents = relayContents(client, { secretBox, clock: deps.clock });
  return { count: countUsage({ ...deps, usages, contents }), tell: tellUsage({ ...deps, usages }) };
}

interface UsageDeps extends HistoryDeps {
  client: PrismaClient;
  places: RelayPlaces;
  zooids: ZooidInstances<Pick<ZooidClient, 'members'>>;
  secretBox: RelaySecretBox;
  bells: Pick<BellRinger, 'ring'>;
  log: Logger;
  metrics: Metrics;
}
