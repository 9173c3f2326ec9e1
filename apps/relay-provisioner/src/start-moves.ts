import type { Clock, NewId } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import { moveStore } from '@caravel/provisioning-data-access';
import type { RelaySecretBox } from '@caravel/provisioning-data-access';
import { moveRelays, watchInstances } from '@caravel/provisioning-feature';
import type { MoveRelaysDeps } from '@caravel/provisioning-feature';
import { startSweep } from '@caravel/queue';
import type { Metrics, Own } from '@caravel/service';
import type { Config } from './config.js';
import { zooidSettings } from './open-zooids.js';
import { relayEvents } from './relay-events.js';
import { PROGRAM_ENVIRONMENT } from './start-transfers.js';

/** Moves relays between zooids as planned by the operator's command, and watches how many each has. */
export function startMoves(config: Config, { client, newId, secretBox, own, metrics, ...deps }: Deps): void {
  const { clock, log, zooids } = deps;
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
}
