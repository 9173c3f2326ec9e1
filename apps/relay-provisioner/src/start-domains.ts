import type { Clock } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import { dnsResolver, domainStore } from '@caravel/provisioning-data-access';
import { checkDomains } from '@caravel/provisioning-feature';
import { startSweep } from '@caravel/queue';
import type { Logger, Metrics, Own } from '@caravel/service';
import type { Config } from './config.js';

/** Looks at relays' own domains, as long as the service runs. */
export function startDomains(config: Pick<Config, 'DNS_SERVERS'>, { client, own, ...deps }: Deps): void {
  const { clock, log } = deps;
  const resolver = dnsResolver({ servers: config.DNS_SERVERS });
  const run = checkDomains({ ...deps, domains: domainStore(client, { clock }), resolver });
  own(startSweep({ name: 'relay-domains', everyMs: 10_000, run }, { log, clock }));
}

interface Deps {
  client: PrismaClient;
  own: Own;
  log: Logger;
  clock: Clock;
  metrics: Metrics;
}
