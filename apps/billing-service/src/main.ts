import {
  accountStore,
  adminStore,
  cardStore,
  collectionStore,
  dunningStore,
  leftCustomerStore,
  stripeClient,
  walletBoxStore,
} from '@caravel/billing-data-access';
import type { Replay } from '@caravel/billing-data-access';
import { replay } from '@caravel/billing-domain';
import { BELL_MAX_RUN_MS, billing, rates, tenantWallets, upkeep } from '@caravel/billing-feature';
import { billingAccount } from '@caravel/contracts';
import { idMaker } from '@caravel/domain';
import { chooseSignatures, secretSigner } from '@caravel/nostr';
import { openDatabase, publishSealingKey } from '@caravel/platform-data-access';
import { bellRinger, startBellWorker, startCallWorker, startSweep } from '@caravel/queue';
import { loadConfig, runService } from '@caravel/service';
import { configSchema } from './config.js';
import { openSystemWallet } from './open-system-wallet.js';

await runService(
  { name: 'billing-service', config: () => loadConfig(configSchema, process.env) },
  async ({ config, own, log, clock, metrics, health }) => {
    await chooseSignatures(config, { log, metrics });
    const database = own(openDatabase(config.DATABASE_URL));
    health.ready('postgresql', database.ping);

    const { NWC_SEAL_SECRET: sealSecret = config.ROBOT_SECRET, NWC_SEAL_SECRET_PREVIOUS: previous } = config;
    const sealKey = { pubkey: secretSigner(sealSecret).pubkey, now: clock.now() };
    await publishSealingKey(database.client, 'nwc_url', sealKey);
    const secrets = previous === undefined ? [sealSecret] : [sealSecret, previous];
    const observe = metrics.observeCall;
    const systemWallet = await openSystemWallet(config, { own, clock, log, observe });

    const queueDeps = { log, clock, metrics };
    const connection = { databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL };
    const { BILLING_INTERIM_CENTS: interimCents, ALLOW_PRIVATE_HOSTS: allowPrivateHosts } = config;
    const history: Replay = (state, facts, untilS) => replay(state, facts, { untilS, interimCents });
    const books = { clock, newId: idMaker(clock), replay: history, graceDays: config.BILLING_GRACE_DAYS };
    const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: apiUrl, STRIPE_REQUESTS_PER_S: requestsPerSecond } = config;
    const stripe = stripeClient({ secretKey, apiUrl, requestsPerSecond, clock, observe });
    const collection = collectionStore(database.client, books);
    const service = billing({
      accounts: accountStore(database.client, books),
      admin: adminStore(database.client, books),
      collection,
      dunning: dunningStore(database.client, books),
      systemWallet,
      wallets: tenantWallets({ secrets, allowPrivateHosts, log, observe }),
      rates: rates({ sources: config.RATE_SOURCES, clock, log, observe }),
      cards: cardStore(database.client, books),
      customers: stripe,
      stripe,
      bells: own(bellRinger(connection, queueDeps)),
      clock,
      log,
    });

    const boxes = walletBoxStore(database.client);
    const left = leftCustomerStore(database.client, books);
    const beside = upkeep({ secrets, boxes, collection, left, customers: stripe, gauge: metrics.gauge, clock, log });
    for (const sweep of [...service.sweeps, ...beside]) own(startSweep(sweep, queueDeps));
    own(startCallWorker('billing-service', service.answerers, { ...queueDeps, connection }));
    const workerOptions = { ...queueDeps, connection, concurrency: 8, maxRunMs: BELL_MAX_RUN_MS };
    own(startBellWorker(billingAccount, service.onBillingAccount, workerOptions));
  },
);
