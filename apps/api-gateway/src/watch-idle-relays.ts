import { idMaker } from '@caravel/domain';
import { endIdleRelays } from '@caravel/gateway-feature';
import type { IdlePorts, IdleStores } from '@caravel/gateway-feature';
import { inTransaction, relayCommands, relayIdleStore } from '@caravel/platform-data-access';
import type { Db, HistoryDeps, PrismaClient } from '@caravel/platform-data-access';
import { startSweep } from '@caravel/queue';
import type { ServiceContext } from '@caravel/service';
import type { GatewayConfig } from './config.js';

/** Every minute: free relays that nobody uses. Switched off, what was begun is called off. */
export function watchIdleRelays(context: Context, { db, ring }: Parts): void {
  const { config, own, log, clock, metrics } = context;
  const history = { clock, newId: idMaker(clock) };
  const idleDays = config.IDLE_FREE_RELAY_DAYS;
  const run =
    idleDays === 0
      ? relayIdleStore(db, history).endAll
      : endIdleRelays({ ...idlePorts(db, { ...history, ring }), clock, log, metrics, idleDays });
  own(startSweep({ name: 'idle relays', everyMs: 60_000, run }, { log, clock }));
}

/** The rows of idle relays, and one transaction around what is done to a relay and what is noted of it. */
export function idlePorts(
  client: PrismaClient,
  { ring, ...history }: HistoryDeps & Pick<IdlePorts, 'ring'>,
): IdlePorts {
  const storesOf = (db: Db): IdleStores => ({
    idles: relayIdleStore(db, history),
    relayCommands: relayCommands(db, history),
  });
  return {
    idles: relayIdleStore(client, history),
    together: (work) => inTransaction(client, (tx) => work(storesOf(tx))),
    ring,
  };
}

type Context = Pick<ServiceContext<GatewayConfig>, 'config' | 'own' | 'log' | 'clock' | 'metrics'>;

interface Parts extends Pick<IdlePorts, 'ring'> {
  db: PrismaClient;
}
