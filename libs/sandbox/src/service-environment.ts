import { secretSigner } from '@caravel/nostr';
import type { Environment } from './environment.js';
import type { SandboxSecrets } from './secrets.js';
import type { StandInAddresses } from './stand-ins-process.js';
import type { Stores } from './start-stores.js';
import { perService, variablesOf } from './variables.js';
import type { ServiceName } from './variables.js';

export interface SandboxSettings {
  operator: Environment;
  secrets: SandboxSecrets;
  standIns: StandInAddresses;
  stores: Stores;
  serverPort: number;
  /** Between gateway and provisioner. */
  transferPort: number;
  opsPorts: Record<ServiceName, number>;
}

/** The environment of each service: the sandbox's values, under what the operator set. */
export function serviceEnvironments(settings: SandboxSettings): Record<ServiceName, Record<string, string>> {
  const shared = { ...withoutHalves(sandboxValues(settings), settings.operator), ...definedOnly(settings.operator) };
  return perService((service) => ({
    ...variablesOf(service, {
      ...shared,
      SERVER_PORT: String(settings.serverPort),
      TRANSFER_PORT: String(settings.transferPort),
      DATABASE_URL: settings.stores.databaseUrlOf(service),
      OPS_PORT: String(settings.opsPorts[service]),
      ...(settings.stores.redisUrl && { REDIS_URL: settings.stores.redisUrl }),
    }),
    PATH: process.execPath,
  }));
}

/** One stand-in answers like three public sources, each under its real path. */
const RATE_PATHS = [
  '/v2/prices/BTC-USD/spot',
  '/0/public/Ticker?pair=XBTUSD',
  '/api/v3/simple/price?ids=bitcoin&vs_currencies=usd',
];

function sandboxValues({ secrets, standIns, serverPort, transferPort }: SandboxSettings): Record<string, string> {
  const relay = standIns['relay']?.url ?? '';
  return {
    SERVER_URL: `http://127.0.0.1:${serverPort}`,
    SERVER_ADMIN_PUBKEYS: secretSigner(secrets.admin).pubkey,
    SERVER_ALLOW_ORIGINS: 'http://localhost:5173,http://localhost:1847,capacitor://localhost',
    APP_URL: 'http://localhost:5173',
    PROVISIONER_URL: `http://127.0.0.1:${transferPort}`,
    ROBOT_SECRET: secrets.robot,
    ROBOT_NAME: 'Caravel',
    ROBOT_DESCRIPTION: 'The robot of a Caravel sandbox',
    ROBOT_PICTURE: 'https://robohash.org/caravel.png',
    ROBOT_WALLET: standIns['systemWallet']?.url ?? '',
    ROBOT_OUTBOX_RELAYS: relay,
    ROBOT_INDEXER_RELAYS: relay,
    ROBOT_MESSAGING_RELAYS: relay,
    ZOOID_API_URL: standIns['zooid']?.url ?? '',
    RELAY_DOMAIN: 'relays.localhost',
    LIVEKIT_URL: 'wss://livekit.localhost',
    LIVEKIT_API_KEY: 'sandbox',
    LIVEKIT_API_SECRET: 'sandbox',
    BLOSSOM_S3_ENDPOINT: 'http://127.0.0.1:9000',
    BLOSSOM_S3_REGION: 'us-east-1',
    BLOSSOM_S3_BUCKET: 'caravel',
    BLOSSOM_S3_ACCESS_KEY: 'sandbox',
    BLOSSOM_S3_SECRET_KEY: 'sandbox',
    STRIPE_SECRET_KEY: 'sk_test_sandbox',
    STRIPE_API_URL: standIns['stripe']?.url ?? '',
    RATE_SOURCES: RATE_PATHS.map((path) => `${standIns['rates']?.url ?? ''}${path}`).join(','),
    ALLOW_PRIVATE_HOSTS: 'true',
  };
}

/**
 * Half of a pair is worse than none: a real Stripe key never goes to the stand-in, and a real zooid is not given the sandbox's
 * S3 and LiveKit; a wallet on a pay-node has no stand-in beside it. What is missing then, the service names.
 */
function withoutHalves(values: Record<string, string>, operator: Environment): Record<string, string> {
  const dropped = (name: string) =>
    (operator['STRIPE_SECRET_KEY'] !== undefined && name === 'STRIPE_API_URL') ||
    (operator['PAY_RPC_ENDPOINT'] !== undefined && name === 'ROBOT_WALLET') ||
    ((operator['ZOOID_API_URL'] ?? operator['ZOOID_INSTANCES']) !== undefined && /^(LIVEKIT|BLOSSOM)_/.test(name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !dropped(name)));
}

function definedOnly(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
