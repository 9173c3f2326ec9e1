import type { Clock, NewId } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import { hostPlaces, moveStore } from '@caravel/provisioning-data-access';
import type { RelaySecretBox } from '@caravel/provisioning-data-access';
import { moveRelays, watchInstances, zooidRoute } from '@caravel/provisioning-feature';
import type { MoveRelaysDeps } from '@caravel/provisioning-feature';
import { startSweep } from '@caravel/queue';
import type { Metrics, Own, ServiceContext } from '@caravel/service';
import type { Config } from './config.js';
import { zooidSettings } from './open-zooids.js';
import { relayEvents } from './relay-events.js';
import { PROGRAM_ENVIRONMENT } from './start-transfers.js';

/** Several zooids: moves as planned by the operator's command, how many relays each has, and which of them a proxy has to ask. */
export function startMoves(config: Config, { client, newId, secretBox, own, metrics, opsPages, ...deps }: Deps): void {
  const { clock, log, zooids } = deps;
  opsPages.set('/zooid/route', zooidRoute({ hosts: hostPlaces(client), zooids }));
  const moves = moveStore(client, { clock, newId, secretBox });
  const events = relayEvents({ command: config.ZOOID_IMPORT_COMMAND, env: PROGRAM_ENVIRONMENT, clock });
  const move = moveRelays({ ...deps, moves, events, settings: zooidSettings(config) });
  own(startSweep({ name: 'relay-move', everyMs: 2000, run: move }, { log, clock }));
  const watch = watchInstances({ counts: moves.counts, instances: zooids.list, metrics, log });
  own(startSweep({ name: 'zooid-instances', everyMs: 60_000, run: watch }, { log, clock }));
}

interface Deps extends Pick<MoveRelaysDeps, 'zooids' | 'bells' | 'log'> {
  client: PrismaClient;
  newId: NewId;
  secretBox: RelaySecretBox;
  own: Own;
  clock: Clock;
  metrics: Metrics;
  opsPages: ServiceContext<Config>['opsPages'];
}
