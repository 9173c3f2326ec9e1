import { systemClock } from '@caravel/domain';
import { publishSealingKey, openDatabase } from '@caravel/platform-data-access';
import { generateSecret, secretSigner } from '@caravel/nostr';
import type { CallAnswerer } from '@caravel/queue';
import { startCallWorker } from '@caravel/queue';
import { createLogger, createMetrics, loadConfig } from '@caravel/service';
import type { Closable, OpsPage, Own } from '@caravel/service';
import { createTestDatabase } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { gatewayConfig } from '../config.js';
import { startGateway } from '../start-gateway.js';
import { ADMIN, SERVER_URL } from './users.js';

export const silentLog = createLogger({ service: 'test', level: 'silent' });
const deps = { log: silentLog, clock: systemClock };

export interface TestGateway {
  url: string;
  database: TestDatabase;
  /** What the ops port answers besides. */
  opsPages: ReadonlyMap<string, OpsPage>;
  /** Answers calls as another service does, with its database role. */
  answerCalls: (service: 'billing-service' | 'relay-provisioner', answerers: readonly CallAnswerer[]) => void;
  /** What billing does when it starts; gives the secret that opens sealed wallets. */
  publishSealingKey: () => Promise<string>;
  close: () => Promise<void>;
}

/** The whole gateway with the rights it has in production, on a database of its own or that of another one (`shared`). */
export async function startTestGateway(env: Record<string, string> = {}, shared?: TestDatabase): Promise<TestGateway> {
  const database = shared ?? (await createTestDatabase());
  const owned: Closable[] = shared ? [] : [() => database.drop()];
  const own: Own = (thing) => {
    owned.push(thing);
    return thing;
  };
  const config = loadConfig(gatewayConfig, { ...DEFAULTS, DATABASE_URL: database.url('gateway'), ...env });
  const health = { ready: () => undefined, detail: () => undefined };
  const opsPages = new Map<string, OpsPage>();
  const server = await startGateway({ ...deps, config, own, metrics: createMetrics('test'), health, opsPages });
  const queue = (role: 'billing' | 'provisioner') => ({
    databaseUrl: database.url(role),
    redisUrl: env['WORKERS_REDIS_URL'] ?? env['REDIS_URL'],
  });

  return {
    url: server.url,
    database,
    opsPages,
    answerCalls: (service, answerers) => {
      const role = service === 'billing-service' ? 'billing' : 'provisioner';
      own(startCallWorker(service, answerers, { ...deps, connection: queue(role) }));
    },
    publishSealingKey: async () => {
      const billing = openDatabase(database.url('billing'), { max: 1 });
      const secret = generateSecret();
      const { pubkey } = secretSigner(secret);
      await publishSealingKey(billing.client, 'nwc_url', { pubkey, now: systemClock.now() });
      await billing.close();
      return secret;
    },
    close: async () => {
      for (const thing of owned.reverse()) await close(thing);
    },
  };
}

async function close(thing: Closable): Promise<void> {
  if (typeof thing === 'function') await thing();
  else if ('close' in thing) await thing.close();
}

/** Everything that must be set, and what tests set besides. */
export const DEFAULTS = {
  SERVER_URL,
  SERVER_PORT: '0',
  SERVER_ADMIN_PUBKEYS: ADMIN.pubkey,
  SERVER_ALLOW_ORIGINS: 'https://app.example,capacitor://localhost',
  APP_URL: 'https://app.example',
  RELAY_DOMAIN: 'relays.example,other.example',
  MAX_RELAYS_PER_TENANT: '5',
  MAX_FREE_RELAYS_PER_TENANT: '2',
  // Tests ask more than people do.
  RATE_LIMIT_PUBKEY_PER_MINUTE: '0',
  RATE_LIMIT_ADMIN_PER_MINUTE: '0',
  RATE_LIMIT_IP_PER_MINUTE: '0',
};
