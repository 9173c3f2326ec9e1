export const SERVICES = ['api-gateway', 'billing-service', 'relay-provisioner', 'robot-dm'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** One value for each service. */
export function perService<T>(value: (name: ServiceName) => T): Record<ServiceName, T> {
  return {
    'api-gateway': value('api-gateway'),
    'billing-service': value('billing-service'),
    'relay-provisioner': value('relay-provisioner'),
    'robot-dm': value('robot-dm'),
  };
}

/** One environment variable: the source of `.env.example`, of docs/configuration.md and of what each process is given. */
export interface Variable {
  name: string;
  services: readonly ServiceName[];
  /** What a service takes when it is not set. `null`: it must be set. */
  default: string | null;
  /** What the sandbox gives, as the docs show it. Absent: it leaves the default. */
  sandbox?: string;
  about: string;
}

const all = SERVICES;
const [gateway, billing, provisioner, robot] = all.map((name) => [name] as const) as [
  readonly ['api-gateway'],
  readonly ['billing-service'],
  readonly ['relay-provisioner'],
  readonly ['robot-dm'],
];

/** In the order of the seed; those it does not have follow in each group. */
export const VARIABLES: readonly Variable[] = [
  // Server
  {
    name: 'SERVER_URL',
    services: gateway,
    default: null,
    sandbox: 'http://127.0.0.1:2892',
    about: 'Public base URL of the API; the NIP-98 `u` tag must equal it exactly. May be a list.',
  },
  {
    name: 'SERVER_HOST',
    services: gateway,
    default: '127.0.0.1',
    about: 'Address the API listens on (compose: 0.0.0.0).',
  },
  {
    name: 'SERVER_PORT',
    services: gateway,
    default: '2892',
    sandbox: '2892, or a free one',
    about: 'Port of the API.',
  },
  {
    name: 'SERVER_ADMIN_PUBKEYS',
    services: gateway,
    default: null,
    sandbox: 'a key of its own',
    about: 'Admin pubkeys (hex), comma-separated.',
  },
  {
    name: 'SERVER_ALLOW_ORIGINS',
    services: gateway,
    default: null,
    sandbox: 'http://localhost:5173',
    about: 'Allowed CORS origins, compared as strings.',
  },
  {
    name: 'APP_URL',
    services: ['api-gateway', 'billing-service', 'robot-dm'],
    default: null,
    sandbox: 'http://localhost:5173',
    about: 'Base URL of the frontend; links in messages start with it.',
  },
  { name: 'RETURN_URL_ORIGINS', services: gateway, default: '', about: 'Further origins a `return_url` may have.' },
  {
    name: 'TRUSTED_PROXIES',
    services: gateway,
    default: '',
    about: 'Addresses or ranges of reverse proxies whose X-Forwarded-For counts.',
  },
  {
    name: 'NIP98_MODE',
    services: gateway,
    default: 'session',
    about: '`session`, or `strict`: method, URL, body and one use are checked (shuts Flotilla out).',
  },
  {
    name: 'NIP98_MAX_AGE_S',
    services: gateway,
    default: '',
    about: 'Longest age of a header in session mode, at least 660.',
  },
  { name: 'MAX_RELAYS_PER_TENANT', services: gateway, default: '20', about: 'Relays a tenant may have.' },
  { name: 'MAX_FREE_RELAYS_PER_TENANT', services: gateway, default: '3', about: 'Free relays a tenant may have.' },
  {
    name: 'RESERVED_SUBDOMAINS',
    services: gateway,
    default: 'api,admin,www,…',
    about: 'Names nobody may take; replaces the built-in list.',
  },
  // Stores
  {
    name: 'DATABASE_URL',
    services: all,
    default: null,
    sandbox: 'its own PostgreSQL, one role per service',
    about: 'PostgreSQL of the platform: postgresql://caravel_gateway@host:5432/caravel and so on.',
  },
  {
    name: 'REDIS_URL',
    services: all,
    default: '',
    sandbox: 'its own Redis where the machine has one',
    about: 'Redis or Valkey for the queues; without it they are in PostgreSQL.',
  },
  // Robot identity
  {
    name: 'ROBOT_SECRET',
    services: ['billing-service', 'relay-provisioner', 'robot-dm'],
    default: null,
    sandbox: 'made once, kept in .dev/secrets.json',
    about: "The robot's Nostr key (64 hex).",
  },
  {
    name: 'NWC_SEAL_SECRET',
    services: billing,
    default: 'ROBOT_SECRET',
    about: 'Key that opens sealed wallet URLs, so that robot and provisioner run without it.',
  },
  { name: 'NWC_SEAL_SECRET_PREVIOUS', services: billing, default: '', about: 'The key before the last rotation.' },
  {
    name: 'ZOOID_SECRET',
    services: provisioner,
    default: 'ROBOT_SECRET',
    about: 'Key that signs calls to zooid and seals relay secrets.',
  },
  { name: 'ROBOT_NAME', services: robot, default: null, sandbox: 'Caravel', about: 'Name in the kind 0 profile.' },
  {
    name: 'ROBOT_DESCRIPTION',
    services: robot,
    default: null,
    sandbox: 'The robot of a Caravel sandbox',
    about: 'About text in the kind 0 profile.',
  },
  {
    name: 'ROBOT_PICTURE',
    services: robot,
    default: null,
    sandbox: 'a picture URL',
    about: 'Picture in the kind 0 profile.',
  },
  {
    name: 'ROBOT_WALLET',
    services: billing,
    default: null,
    sandbox: 'the stand-in system wallet',
    about: 'NWC URL of the system wallet that makes and looks up invoices.',
  },
  {
    name: 'ROBOT_OUTBOX_RELAYS',
    services: robot,
    default: null,
    sandbox: 'the stand-in relay',
    about: 'Relays the profile and kind 10002 are published to.',
  },
  {
    name: 'ROBOT_INDEXER_RELAYS',
    services: robot,
    default: null,
    sandbox: 'the stand-in relay',
    about: "Relays that know recipients' relay lists.",
  },
  {
    name: 'ROBOT_MESSAGING_RELAYS',
    services: robot,
    default: null,
    sandbox: 'the stand-in relay',
    about: 'Relays the robot reads messages at (kind 10050).',
  },
  // Relay hosting
  {
    name: 'ZOOID_API_URL',
    services: provisioner,
    default: null,
    sandbox: 'the stand-in zooid',
    about: "zooid's management API.",
  },
  {
    name: 'ZOOID_RELAY_URL',
    services: provisioner,
    default: 'ZOOID_API_URL',
    about: 'Where zooid serves relays, by Host header.',
  },
  {
    name: 'RELAY_DOMAIN',
    services: gateway,
    default: null,
    sandbox: 'relays.localhost',
    about: 'Base domains of relays; the first is the default.',
  },
  {
    name: 'LIVEKIT_URL',
    services: provisioner,
    default: null,
    sandbox: 'wss://livekit.localhost',
    about: 'LiveKit server given to relays that enable it.',
  },
  { name: 'LIVEKIT_API_KEY', services: provisioner, default: null, sandbox: 'sandbox', about: 'LiveKit API key.' },
  {
    name: 'LIVEKIT_API_SECRET',
    services: provisioner,
    default: null,
    sandbox: 'sandbox',
    about: 'LiveKit API secret.',
  },
  {
    name: 'BLOSSOM_S3_ENDPOINT',
    services: provisioner,
    default: null,
    sandbox: 'http://127.0.0.1:9000',
    about: 'S3 endpoint for blossom.',
  },
  { name: 'BLOSSOM_S3_REGION', services: provisioner, default: null, sandbox: 'us-east-1', about: 'S3 region.' },
  {
    name: 'BLOSSOM_S3_BUCKET',
    services: provisioner,
    default: null,
    sandbox: 'caravel',
    about: 'S3 bucket; the key prefix is the relay id.',
  },
  {
    name: 'BLOSSOM_S3_ACCESS_KEY',
    services: provisioner,
    default: null,
    sandbox: 'sandbox',
    about: 'S3 access key id.',
  },
  {
    name: 'BLOSSOM_S3_SECRET_KEY',
    services: provisioner,
    default: null,
    sandbox: 'sandbox',
    about: 'S3 secret access key.',
  },
  // Billing
  {
    name: 'STRIPE_SECRET_KEY',
    services: billing,
    default: null,
    sandbox: 'sk_test_…, for the stand-in',
    about: 'Stripe API key. The sandbox refuses a live one without --live.',
  },
  {
    name: 'STRIPE_API_URL',
    services: billing,
    default: 'https://api.stripe.com',
    sandbox: 'the stand-in Stripe',
    about: "Address of Stripe's API.",
  },
  {
    name: 'RATE_SOURCES',
    services: billing,
    default: 'coinbase,kraken,coingecko',
    sandbox: 'the stand-in rates',
    about: 'Where the price of a bitcoin comes from: names or URLs.',
  },
  {
    name: 'BILLING_INTERIM_CENTS',
    services: billing,
    default: '1000',
    about: 'A change that leaves this much unbilled is invoiced at once.',
  },
  {
    name: 'ALLOW_PRIVATE_HOSTS',
    services: ['api-gateway', 'billing-service', 'robot-dm'],
    default: 'false',
    sandbox: 'true',
    about: 'Connect to private addresses that tenants name. For the sandbox only.',
  },
  // Every process
  { name: 'LOG_LEVEL', services: all, default: 'info', about: '`trace`, `debug`, `info`, `warn`, `error`, `fatal`.' },
  {
    name: 'OPS_PORT',
    services: all,
    default: '9091–9094',
    sandbox: '9091–9094, or free ones',
    about: '/healthz, /readyz and /metrics: gateway, billing, provisioner, robot in this order.',
  },
  { name: 'OPS_HOST', services: all, default: '127.0.0.1', about: 'Address of the ops port.' },
];

/** Of `env`, what `service` reads: no process holds a secret that is another's. */
export function variablesOf(
  service: ServiceName,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const names = VARIABLES.filter(({ services }) => services.some((name) => name === service)).map(({ name }) => name);
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
