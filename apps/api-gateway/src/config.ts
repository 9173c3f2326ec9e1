import { isIP } from 'node:net';
import { DEFAULT_RESERVED_SUBDOMAINS, pubkeySchema } from '@caravel/domain';
import { TAX_PERCENT } from '@caravel/gateway-feature';
import { signatureFields } from '@caravel/nostr';
import {
  field,
  httpUrl,
  httpUrlList,
  list,
  optionalList,
  port,
  positiveInt,
  postgresUrl,
  redisUrl,
  serviceConfig,
} from '@caravel/service';
import { z } from 'zod';

/** What clients sign is compared character for character, and they append paths to it: a path of its own can't work. */
const serverUrls = httpUrlList().refine(
  (urls) => urls.map((url) => new URL(url)).every(({ pathname, search, hash }) => pathname + search + hash === '/'),
  { error: 'public addresses of this server without path or query, separated by commas' },
);

const PUBKEYS = 'public keys of 64 lower-case hex characters, separated by commas';
const pubkeys = list(PUBKEYS).pipe(z.array(pubkeySchema, { error: PUBKEYS }));

const proxies = optionalList().refine((entries) => entries.every(isProxy), {
  error: 'addresses, CIDR ranges, loopback, linklocal or uniquelocal, separated by commas',
});

const clientCacheS = 660;
const maxAge = positiveInt().refine((seconds) => seconds >= clientCacheS, {
  error: `a number of seconds, at least ${clientCacheS}: clients use one signature for 10 minutes`,
});

const LIMIT = 'a whole number, 0 for no limit';
const rateLimit = z
  .string({ error: LIMIT })
  .regex(/^\d{1,9}$/, { error: LIMIT })
  .transform(Number);

const IDLE_DAYS = 'a number of days from 30 to 365, or 0 to keep free relays that nobody uses';
const idleDays = z
  .string({ error: IDLE_DAYS })
  .regex(/^\d{1,3}$/, { error: IDLE_DAYS })
  .transform(Number)
  .refine((days) => days === 0 || (days >= 30 && days <= 365), { error: IDLE_DAYS });

const addressLines = field('lines of an address, separated by |')
  .default('')
  .transform((lines) => lines.split('|').map((line) => line.trim()))
  .transform((lines) => lines.filter((line) => line !== ''));

const PERCENT = 'a percentage from 0 to 99.999 that prices include, such as 19 or 7.7';

/** Variables of the gateway (`caravel.md` section 8). */
export const gatewayConfig = serviceConfig(
  {
    SERVER_URL: serverUrls,
    SERVER_HOST: field('an address to listen on').default('127.0.0.1'),
    SERVER_PORT: port().default(2892),
    SERVER_ADMIN_PUBKEYS: pubkeys,
    SERVER_ALLOW_ORIGINS: list('origins of pages that may call this server, separated by commas'),
    APP_URL: httpUrl(),
    RETURN_URL_ORIGINS: optionalList(),
    PROVISIONER_URL: httpUrl().default('http://127.0.0.1:2893'),
    RELAY_DOMAIN: list('domains of relays, separated by commas; the first is the default'),
    RESERVED_SUBDOMAINS: list().default(DEFAULT_RESERVED_SUBDOMAINS),
    DATABASE_URL: postgresUrl(),
    REDIS_URL: redisUrl().optional(),
    NIP98_MODE: z.enum(['session', 'strict'], { error: 'session or strict' }).default('session'),
    NIP98_MAX_AGE_S: maxAge.optional(),
    MAX_RELAYS_PER_TENANT: positiveInt().default(20),
    MAX_FREE_RELAYS_PER_TENANT: positiveInt().default(3),
    IDLE_FREE_RELAY_DAYS: idleDays.default(180),
    TRUSTED_PROXIES: proxies,
    /** Points: a request costs one, an expensive one five. */
    RATE_LIMIT_PUBKEY_PER_MINUTE: rateLimit.default(1200),
    RATE_LIMIT_ADMIN_PER_MINUTE: rateLimit.default(6000),
    RATE_LIMIT_IP_PER_MINUTE: rateLimit.default(6000),
    MAX_CONNECTIONS_PER_IP: positiveInt().default(500),
    ...signatureFields,
    /** Checks that an event comes from Stripe; without it the route does not exist. */
    STRIPE_WEBHOOK_SECRET: field("the signing secret of Stripe's webhook endpoint: whsec_…").optional(),
    /** Printed on invoices. */
    BILLING_SELLER_NAME: field('who asks for the money').default(''),
    BILLING_SELLER_ADDRESS: addressLines,
    BILLING_SELLER_TAX_ID: field('a tax id as it is printed').default(''),
    /** A tax that prices include: shown when both are set. */
    BILLING_TAX_LABEL: field('the name of a tax').optional(),
    BILLING_TAX_PERCENT: field(PERCENT)
      .refine((percent) => TAX_PERCENT.test(percent), { error: PERCENT })
      .optional(),
  },
  { opsPort: 9091 },
);

export type GatewayConfig = z.output<typeof gatewayConfig>;

/** What is allowed but probably not meant. */
export function configWarnings({ SERVER_URL, NIP98_MODE }: GatewayConfig): string[] {
  const slashes = SERVER_URL.filter((url) => url.endsWith('/'));
  return [
    ...slashes.map(
      (url) => `SERVER_URL ${url} ends with a slash: only clients that sign it with the slash can sign in`,
    ),
    ...(NIP98_MODE === 'strict'
      ? ['NIP98_MODE=strict shuts Flotilla out: it uses one signature for 10 minutes, strict takes each once']
      : []),
  ];
}

function isProxy(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true;
  const [address = '', prefix = '0', ...more] = entry.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && /^\d+$/.test(prefix) && Number(prefix) <= bits;
}
