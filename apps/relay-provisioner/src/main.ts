import { relayMembers, relaySync } from '@caravel/contracts';
import { idMaker } from '@caravel/domain';
import { chooseSignatures } from '@caravel/nostr';
import { openDatabase } from '@caravel/platform-data-access';
import { provisioningStore, relaySecretBox, removalStore } from '@caravel/provisioning-data-access';
import { findRelayMembers, removeRelays, sweepRelays, syncRelay } from '@caravel/provisioning-feature';
import { answers, bellRinger, startBellWorker, startCallWorker, startSweep } from '@caravel/queue';
import { loadConfig, runService } from '@caravel/service';
import { configSchema } from './config.js';
import { openZooids, zooidSettings } from './open-zooids.js';

const config = () => loadConfig(configSchema, process.env);

await runService({ name: 'relay-provisioner', config }, async ({ config, own, log, clock, metrics, health }) => {
  await chooseSignatures(config, { log, metrics });
  const connection = { databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL };
  const db = own(openDatabase(config.DATABASE_URL));
  health.ready('postgresql', db.ping);
  const bells = own(bellRinger(connection, { log, clock, metrics }));

  const zooids = openZooids(config, { clock, metrics });
  const secretBox = relaySecretBox(config.ZOOID_SECRET);
  const syncs = provisioningStore(db.client, { clock, newId: idMaker(clock), secretBox });
  const { fingerprint } = secretBox;
  const sync = syncRelay({ syncs, zooids, bells, settings: zooidSettings(config), fingerprint, clock, metrics });

  const queue = { connection, log, clock, metrics };
  const members = answers(relayMembers, findRelayMembers({ syncs, zooids }));
  own(startCallWorker('relay-provisioner', [members], queue));
  own(startSweep({ name: 'relay-sync', run: sweepRelays({ syncs, sync, log }) }, { log, clock }));
  const removal = removeRelays({ removals: removalStore(db.client, { clock }), places: syncs, zooids, log });
  own(startSweep({ name: 'relay-removal', everyMs: 60_000, run: removal }, { log, clock }));
  own(startBellWorker(relaySync, sync, { ...queue, concurrency: 8 })); // owned last, so it stops first
});
