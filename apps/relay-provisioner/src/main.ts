import { relayMembers, relaySync } from '@caravel/contracts';
import { idMaker } from '@caravel/domain';
import { chooseSignatures, secretSigner } from '@caravel/nostr';
import { openDatabase } from '@caravel/platform-data-access';
import { provisioningStore, relaySecretBox, removalStore, zooidClient } from '@caravel/provisioning-data-access';
import { clockSkewGauge, findRelayMembers, removeRelays, sweepRelays, syncRelay } from '@caravel/provisioning-feature';
import { answers, bellRinger, startBellWorker, startCallWorker, startSweep } from '@caravel/queue';
import { loadConfig, runService } from '@caravel/service';
import { configSchema } from './config.js';

const config = () => loadConfig(configSchema, process.env);

await runService({ name: 'relay-provisioner', config }, async ({ config, own, log, clock, metrics, health }) => {
  await chooseSignatures(config, { log, metrics });
  const connection = { databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL };
  const db = own(openDatabase(config.DATABASE_URL));
  health.ready('postgresql', db.ping);
  const bells = own(bellRinger(connection, { log, clock, metrics }));

  const s3 = {
    endpoint: config.BLOSSOM_S3_ENDPOINT,
    region: config.BLOSSOM_S3_REGION,
    bucket: config.BLOSSOM_S3_BUCKET,
    accessKey: config.BLOSSOM_S3_ACCESS_KEY,
    secretKey: config.BLOSSOM_S3_SECRET_KEY,
  };
  const livekit = {
    serverUrl: config.LIVEKIT_URL,
    apiKey: config.LIVEKIT_API_KEY,
    apiSecret: config.LIVEKIT_API_SECRET,
  };
  const zooid = zooidClient({
    apiUrl: config.ZOOID_API_URL,
    relayUrl: config.ZOOID_RELAY_URL,
    signer: secretSigner(config.ZOOID_SECRET),
    secrets: [s3.accessKey, s3.secretKey, livekit.apiKey, livekit.apiSecret],
    clock,
    metrics,
    onClockSkew: clockSkewGauge(metrics),
  });

  const secretBox = relaySecretBox(config.ZOOID_SECRET);
  const syncs = provisioningStore(db.client, { clock, newId: idMaker(clock), secretBox });
  const { fingerprint } = secretBox;
  const sync = syncRelay({ syncs, zooid, bells, settings: { s3, livekit }, fingerprint, clock, metrics });

  const queue = { connection, log, clock, metrics };
  const members = answers(relayMembers, findRelayMembers({ syncs, zooid }));
  own(startCallWorker('relay-provisioner', [members], queue));
  own(startSweep({ name: 'relay-sync', run: sweepRelays({ syncs, sync, log }) }, { log, clock }));
  const removal = removeRelays({ removals: removalStore(db.client, { clock }), zooid, log });
  own(startSweep({ name: 'relay-removal', everyMs: 60_000, run: removal }, { log, clock }));
  own(startBellWorker(relaySync, sync, { ...queue, concurrency: 8 })); // owned last, so it stops first
});
