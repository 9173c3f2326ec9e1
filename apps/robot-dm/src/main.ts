import { directMessage } from '@caravel/contracts';
import { idMaker } from '@caravel/domain';
import { chooseSignatures, publicConnect, relayPool, secretSigner } from '@caravel/nostr';
import { openDatabase } from '@caravel/platform-data-access';
import { bellRinger, callClient, startBellWorker, startSweep } from '@caravel/queue';
import { accountStore, inboundStore, messageStore } from '@caravel/robot-data-access';
import {
  composeMessage,
  deliverMessages,
  isPublicRelay,
  languageOf,
  loadTexts,
  publishIdentity,
  readAccount,
  recipientRelays,
  robotInbox,
  sweepMessages,
} from '@caravel/robot-feature';
import { loadConfig, runService } from '@caravel/service';
import { configSchema } from './config.js';

/** How soon a tenant's question is read. */
const INBOX_MS = 500;

await runService(
  { name: 'robot-dm', config: () => loadConfig(configSchema, process.env) },
  async ({ config, own, log, clock, metrics, health }) => {
    await chooseSignatures(config, { log, metrics });
    const database = own(openDatabase(config.DATABASE_URL));
    health.ready('postgresql', database.ping);

    const signer = secretSigner(config.ROBOT_SECRET);
    const trusted = [...config.ROBOT_OUTBOX_RELAYS, ...config.ROBOT_INDEXER_RELAYS, ...config.ROBOT_MESSAGING_RELAYS];
    const reach = config.ALLOW_PRIVATE_HOSTS ? {} : { connect: publicConnect({ trusted }) };
    const pool = own(relayPool({ clock, auth: signer, ...reach }));
    const messages = messageStore(database.client);
    const recipients = recipientRelays({
      pool,
      clock,
      indexers: config.ROBOT_INDEXER_RELAYS,
      fallback: config.ROBOT_MESSAGING_RELAYS,
      isAllowed: config.ALLOW_PRIVATE_HOSTS ? () => true : isPublicRelay,
    });
    const queueDeps = { log, clock, metrics };
    const connection = { databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL };
    const texts = loadTexts({ language: config.ROBOT_LANGUAGE, dir: config.ROBOT_TEXTS_DIR });
    const accounts = accountStore(database.client);
    const account = readAccount({ accounts, calls: own(callClient(connection, queueDeps)), log });
    const words = { account, language: languageOf(texts), clock, appUrl: config.APP_URL };
    const compose = composeMessage({ messages, ...words });
    const deliver = deliverMessages({ messages, compose, recipients, pool, signer, clock, metrics });
    const identity = {
      name: config.ROBOT_NAME,
      description: config.ROBOT_DESCRIPTION,
      picture: config.ROBOT_PICTURE,
      outboxRelays: config.ROBOT_OUTBOX_RELAYS,
      indexerRelays: config.ROBOT_INDEXER_RELAYS,
      messagingRelays: config.ROBOT_MESSAGING_RELAYS,
    };

    const ringer = own(bellRinger(connection, queueDeps));
    const inbox = own(
      robotInbox({
        pool,
        signer,
        relays: config.ROBOT_MESSAGING_RELAYS,
        store: inboundStore(database.client, { clock, newId: idMaker(clock) }),
        isTenant: accounts.isTenant,
        commands: texts.commands,
        tell: (tenantPubkey) => ringer.ring(directMessage, { tenantPubkey }),
        clock,
        log,
        metrics,
      }),
    );

    const publish = publishIdentity(identity, { pool, signer, clock, log, metrics });
    own(startSweep({ name: 'identity', run: publish }, queueDeps));
    own(startSweep({ name: 'messages', run: sweepMessages({ messages, deliver, clock, log }) }, queueDeps));
    own(startSweep({ name: 'inbox', run: inbox.work, everyMs: INBOX_MS }, queueDeps));
    own(startBellWorker(directMessage, deliver, { ...queueDeps, connection }));
    log.info({ pubkey: signer.pubkey }, 'the robot');
  },
);
