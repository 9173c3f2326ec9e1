import { relayMembers, relaySync } from '@caravel/contracts';
import { idMaker } from '@caravel/domain';
import { chooseSignatures } from '@caravel/nostr';
import { openDatabase } from '@caravel/platform-data-access';
import { provisioningStore, relaySecretBox, removalStore } from '@caravel/provisioning-data-access';
import {
  checkRelays,
  findRelayMembers,
  firstSyncHistogram,
  gate,
  removeRelays,
  sweepRelays,
  syncRelay,
} from '@caravel/provisioning-feature';
import type { SyncRelay } from '@caravel/provisioning-feature';
import { answers, bellRinger, startBellWorker, startCallWorker, startSweep } from '@caravel/queue';
import { loadConfig, runService } from '@caravel/service';
import { configSchema } from './config.js';
import { openZooids, zooidSettings } from './open-zooids.js';
import { startUsage } from './start-usage.js';
import { startMoves } from './start-moves.js';
import { startDomains } from './start-domains.js';
import { startTransfers } from './start-transfers.js';

/** Relays that are worked on together, whoever found them: bell, sweep and checks. */
const AT_ONCE = 16;

const config = () => loadConfig(configSchema, process.env);

await runService({ name: 'relay-provisioner', config }, async ({ config, own, health, opsPages, ...context }) => {
  const { log, clock, metrics } = context;
  await chooseSignatures(config, { log, metrics });
  const connection = { databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL };
  const db = own(openDatabase(config.DATABASE_URL, { max: AT_ONCE }));
  health.ready('postgresql', db.ping);
  const bells = own(bellRinger(connection, { log, clock, metrics }));

  const zooids = openZooids(config, { clock, metrics, health, log });
  const secretBox = relaySecretBox(config.ZOOID_SECRET);
  const syncs = provisioningStore(db.client, { clock, newId: idMaker(clock), secretBox });
  const { fingerprint } = secretBox;
  const onFirstSync = firstSyncHistogram(metrics);
  const settings = zooidSettings(config);
  const sync = syncRelay({ syncs, zooids, bells, settings, fingerprint, clock, metrics, onFirstSync });
  const through = gate(AT_ONCE);

  const queue = { connection, log, clock, metrics };
  const members = answers(relayMembers, findRelayMembers({ syncs, zooids }));
  startDomains(config, { client: db.client, own, log, clock, metrics });
  await startTransfers(config, { client: db.client, secretBox, syncs, zooids, own, log, clock, metrics });
  startMoves(config, { ...context, client: db.client, newId: idMaker(clock), secretBox, zooids, bells, own, opsPages });
  own(startCallWorker('relay-provisioner', [members], queue));
  own(
    startSweep({ name: 'relay-sync', run: sweepRelays({ syncs, sync, zooids, gate: through, log }) }, { log, clock }),
  );
  const check = checkRelays({ checks: syncs, zooids, gate: through, log, clock, metrics });
  own(startSweep({ name: 'relay-check', run: check }, { log, clock }));
  startUsage({
    client: db.client,
    places: syncs,
    secretBox,
    newId: idMaker(clock),
    zooids,
    bells,
    own,
    log,
    clock,
    metrics,
  });
  const removal = removeRelays({ removals: removalStore(db.client, { clock }), places: syncs, zooids, log });
  own(startSweep({ name: 'relay-removal', everyMs: 60_000, run: removal }, { log, clock }));
  const handle: SyncRelay = (bell, context) => through(() => sync(bell, context));
  own(startBellWorker(relaySync, handle, { ...queue, concurrency: AT_ONCE })); // owned last, so it stops first
});
