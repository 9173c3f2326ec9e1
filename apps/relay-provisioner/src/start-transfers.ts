import type { Clock } from '@caravel/domain';
import { relayStore, transferTickets } from '@caravel/platform-data-access';
import type { PrismaClient } from '@caravel/platform-data-access';
import { exportRelay, findRelayKey, importRelay } from '@caravel/provisioning-data-access';
import type { RelaySecretBox } from '@caravel/provisioning-data-access';
import { relayTransfers, startTransferServer } from '@caravel/provisioning-feature';
import type { RelayPlaces, TransferServer, ZooidInstances } from '@caravel/provisioning-feature';
import { startSweep } from '@caravel/queue';
import type { Logger, Metrics, Own } from '@caravel/service';
import type { Config } from './config.js';

/** Serves the gateway's exports and imports. */
export async function startTransfers(config: TransferConfig, deps: Deps): Promise<TransferServer> {
  const { client, secretBox, own, log, clock, metrics } = deps;
  const tickets = transferTickets(client);
  own(startSweep({ name: 'transfer-tickets', everyMs: 60_000, run: tickets.sweep }, { log, clock }));
  const transfers = relayTransfers({
    ...deps,
    relays: relayStore(client),
    readEvents: async function* ({ relayId, relayUrl: url, ...source }) {
      const signer = await findRelayKey(client, relayId, secretBox);
      yield* exportRelay({ ...source, url, signer, clock });
    },
    writeEvents: (events, { instance, ...target }) => {
      const env = { ...PROGRAM_ENVIRONMENT, ZOOID_INSTANCE: instance };
      return importRelay(events, { ...target, command: config.ZOOID_IMPORT_COMMAND, env });
    },
  });
  const { TRANSFER_HOST: host, TRANSFER_PORT: port } = config;
  const server = own(await startTransferServer({ host, port, tickets, transfers, log, metrics }));
  log.info({ url: server.url }, 'streams events to the gateway');
  return server;
}

/** All that the operator's command learns of ours; what else it needs, it says itself. */
export const PROGRAM_ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

export type TransferConfig = Pick<Config, 'TRANSFER_HOST' | 'TRANSFER_PORT' | 'ZOOID_IMPORT_COMMAND'>;

interface Deps {
  client: PrismaClient;
  syncs: RelayPlaces;
  zooids: ZooidInstances<unknown>;
  secretBox: RelaySecretBox;
  own: Own;
  log: Logger;
  clock: Clock;
  metrics: Metrics;
}
