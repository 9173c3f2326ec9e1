import { idMaker } from '@caravel/domain';
import {
  authenticator,
  gatewayApp,
  gatewayDeps,
  originOf,
  provisionerTransfers,
  routes,
  startServer,
  tenantStreams,
  tlsAsk,
  uploadRequests,
} from '@caravel/gateway-feature';
import type { AuthMode, HttpServer, Seller } from '@caravel/gateway-feature';
import { chooseSignatures } from '@caravel/nostr';
import {
  EVENT_CHANNEL,
  eventStore,
  httpAuthStore,
  idempotencyStore,
  isDatabaseOutage,
  openDatabase,
  relayHosts,
  transferTickets,
} from '@caravel/platform-data-access';
import { bellRinger, callClient, connectionErrors, startNotificationListener, startSweep } from '@caravel/queue';
import type { ServiceContext } from '@caravel/service';
import { configWarnings } from './config.js';
import type { GatewayConfig } from './config.js';
import { gatewayStores } from './gateway-stores.js';
import { rateLimits } from './rate-limits.js';
import { watchIdleRelays } from './watch-idle-relays.js';

type Context = ServiceContext<GatewayConfig>;

/** All parts of the gateway, put together. */
export async function startGateway(context: Context): Promise<HttpServer> {
  const { config, own, log, clock, metrics, health } = context;
  for (const warning of configWarnings(config)) log.warn(warning);
  await chooseSignatures(config, { log, metrics });
  const database = own(openDatabase(config.DATABASE_URL));
  const db = database.client;
  health.ready('postgres', database.ping);

  context.opsPages.set('/tls/ask', tlsAsk(relayHosts(db)));

  const queues = { databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL };
  const bells = own(bellRinger(queues, { log, clock, metrics }));
  const calls = own(callClient(queues, { log, clock, metrics }));

  const onError = connectionErrors({ log, clock }, 'connection for events');
  const heard = { databaseUrl: config.DATABASE_URL, channel: EVENT_CHANNEL, onError };
  const streams = tenantStreams({
    events: eventStore(db),
    listen: (handlers) => startNotificationListener({ ...heard, ...handlers }),
    clock,
    log,
  });

  const newId = idMaker(clock);
  const answers = idempotencyStore(db, { clock });
  own(startSweep({ name: 'idempotency', everyMs: 60_000, run: answers.sweep }, { log, clock }));
  watchIdleRelays({ config, own, log, clock, metrics }, { db, ring: bells.ring });
  const deps = gatewayDeps({
    ...gatewayStores(db, { clock, newId }),
    idempotency: {
      ...answers,
      carryOut: (command, work) => answers.carryOut(command, (tx) => work(gatewayStores(tx, { clock, newId }))),
    },
    streams,
    transfers: provisionerTransfers({ url: config.PROVISIONER_URL, tickets: transferTickets(db) }),
    ring: bells.ring,
    ask: calls.ask,
    settings: settingsOf(config),
    isOutage: isDatabaseOutage,
    clock,
    log,
  });

  const auth = authMode({ config, own, log, clock }, httpAuthStore(db));
  const { adminPubkeys } = deps.settings;
  const authenticate = authenticator({ serverUrls: config.SERVER_URL, adminPubkeys, auth, clock, log });

  const listener = gatewayApp({
    routes,
    deps,
    authenticate,
    allowOrigins: config.SERVER_ALLOW_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
    rateLimit: rateLimits({ config, own, log, clock, metrics }, db),
    metrics,
  });
  // Owned last, so it stops first: no request meets a part that is gone.
  const server = own(await listen(listener, { config, metrics }));
  own(streams); // stops before the server: streams end with a word, and the rest has time to be answered
  log.info({ url: server.url }, 'listening');
  return server;
}

function listen(
  listener: ReturnType<typeof gatewayApp>,
  { config, metrics }: Pick<Context, 'config' | 'metrics'>,
): Promise<HttpServer> {
  const { SERVER_HOST: host, SERVER_PORT: port, MAX_CONNECTIONS_PER_IP: maxConnectionsPerAddress } = config;
  const { isProxy } = listener;
  const onRefused = () => {
    metrics.count('connections_refused_total');
  };
  const isUpload = uploadRequests(routes);
  return startServer({ listener, host, port, maxConnectionsPerAddress, isProxy, isUpload, onRefused });
}

/** In strict mode a signature serves once, for all gateways together. */
function authMode(
  { config, own, log, clock }: Pick<Context, 'config' | 'own' | 'log' | 'clock'>,
  used: UsedAuth,
): AuthMode {
  if (config.NIP98_MODE !== 'strict') return { mode: 'session', maxAgeS: config.NIP98_MAX_AGE_S };
  own(startSweep({ name: 'used http auth', everyMs: 60_000, run: used.sweep }, { log, clock }));
  return { mode: 'strict', useOnce: used.useOnce };
}
type UsedAuth = ReturnType<typeof httpAuthStore>;

function settingsOf(config: GatewayConfig) {
  const origins = [config.APP_URL, ...config.SERVER_ALLOW_ORIGINS, ...config.RETURN_URL_ORIGINS].map(originOf);
  return {
    adminPubkeys: config.SERVER_ADMIN_PUBKEYS,
    relayDomains: config.RELAY_DOMAIN,
    reservedSubdomains: config.RESERVED_SUBDOMAINS,
    ownHosts: [...config.RELAY_DOMAIN, ...[...config.SERVER_URL, config.APP_URL].map((url) => new URL(url).hostname)],
    maxRelaysPerTenant: config.MAX_RELAYS_PER_TENANT,
    maxFreeRelaysPerTenant: config.MAX_FREE_RELAYS_PER_TENANT,
    stripeWebhookSecret: config.STRIPE_WEBHOOK_SECRET,
    returnUrlOrigins: origins.filter((origin) => origin !== undefined),
    appUrl: config.APP_URL,
    seller: sellerOf(config),
  };
}

function sellerOf(config: GatewayConfig): Seller {
  const { BILLING_TAX_LABEL: label, BILLING_TAX_PERCENT: percent } = config;
  return {
    name: config.BILLING_SELLER_NAME,
    addressLines: config.BILLING_SELLER_ADDRESS,
    taxId: config.BILLING_SELLER_TAX_ID,
    tax: label === undefined || percent === undefined ? null : { label, percent },
  };
}
