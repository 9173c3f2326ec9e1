import { DEFAULT_GRACE_DAYS } from '@caravel/billing-domain';
import { DEFAULT_RATE_SOURCES, rateUrl } from '@caravel/billing-feature';
import { nostrSecret, parseNwcUrl, signatureFields } from '@caravel/nostr';
import {
  field,
  flag,
  httpUrl,
  optionalList,
  positiveInt,
  postgresUrl,
  redisUrl,
  serviceConfig,
} from '@caravel/service';
import type { z } from 'zod';

const RATES = 'names (coinbase, kraken, coingecko) or URLs, separated by commas';
const WALLET = 'a wallet connection: nostr+walletconnect://…';
const ENDPOINT = 'the address of a pay-node, host:port';
const SECRET = 'the RPC secret of a key of the pay-node, at least 32 characters';
const ONE_WALLET = `${WALLET}, or instead of it PAY_RPC_ENDPOINT and PAY_RPC_SECRET of a pay-node`;

const variables = serviceConfig(
  {
    DATABASE_URL: postgresUrl(),
    /** Without it queues live in PostgreSQL. */
    REDIS_URL: redisUrl().optional(),
    ...signatureFields,
    ROBOT_SECRET: nostrSecret(),
    /** Opens the wallet connections that the gateway sealed. */
    NWC_SEAL_SECRET: nostrSecret().optional(),
    NWC_SEAL_SECRET_PREVIOUS: nostrSecret().optional(),
    /** The system wallet: makes the invoices that tenants pay, and says whether they did. */
    ROBOT_WALLET: field(ONE_WALLET).refine(isWallet, { error: WALLET }).optional(),
    /** The same as a wallet on a pay-node, `host:port`. */
    PAY_RPC_ENDPOINT: field(ENDPOINT)
      .refine((endpoint) => /^[^\s/]+:\d{1,5}$/.test(endpoint), { error: ENDPOINT })
      .optional(),
    PAY_RPC_SECRET: field(SECRET)
      .refine((secret) => secret.length >= 32, { error: SECRET })
      .optional(),
    /** Its id or label there; not needed when the key may use only one Lightning wallet. */
    PAY_RPC_WALLET: field('the id or the label of a wallet').optional(),
    STRIPE_SECRET_KEY: field('an API key of Stripe'),
    STRIPE_API_URL: httpUrl().optional(),
    /** How many requests a second may go to one endpoint of Stripe's. */
    STRIPE_REQUESTS_PER_S: positiveInt().default(25),
    RATE_SOURCES: optionalList()
      .refine((sources) => sources.every(rateUrl), { error: RATES })
      .transform((sources) => (sources.length > 0 ? sources : DEFAULT_RATE_SOURCES)),
    /** A change that leaves this much unbilled is invoiced at once. */
    BILLING_INTERIM_CENTS: positiveInt().default(1000),
    /** How long an invoice may be open before paid relays are paused. */
    BILLING_GRACE_DAYS: positiveInt().default(DEFAULT_GRACE_DAYS),
    /** Sandbox and tests only: wallets may be behind relays on loopback and private networks. */
    ALLOW_PRIVATE_HOSTS: flag(),
  },
  { opsPort: 9092 },
);

/** Half of the node's variables means the node: what is missing is named. */
const isOnNode = (env: Wallet): boolean => env.PAY_RPC_ENDPOINT !== undefined || env.PAY_RPC_SECRET !== undefined;
const hasOne = (env: Wallet): boolean => env.ROBOT_WALLET !== undefined || isOnNode(env);
const hasBoth = (env: Wallet): boolean => env.ROBOT_WALLET !== undefined && isOnNode(env);

/** Billing's variables (`caravel.md` section 8). */
export const configSchema = variables
  .refine(hasOne, blame('ROBOT_WALLET', ONE_WALLET))
  .refine((env) => !hasBoth(env), blame('ROBOT_WALLET', 'either it or the variables PAY_RPC_*, not both'))
  .refine((env) => !isOnNode(env) || env.PAY_RPC_SECRET !== undefined, blame('PAY_RPC_SECRET', SECRET))
  .refine((env) => !isOnNode(env) || env.PAY_RPC_ENDPOINT !== undefined, blame('PAY_RPC_ENDPOINT', ENDPOINT));

/** Complains together with what is wrong elsewhere. */
function blame(variable: keyof Wallet, error: string) {
  const when = ({ value }: { value: unknown }) => typeof value === 'object' && value !== null;
  return { path: [variable], error, when };
}

function isWallet(url: string): boolean {
  try {
    return parseNwcUrl(url).relays.length > 0;
  } catch {
    return false;
  }
}

type Wallet = Pick<z.output<typeof variables>, 'ROBOT_WALLET' | 'PAY_RPC_ENDPOINT' | 'PAY_RPC_SECRET'>;
export type Config = z.output<typeof configSchema>;
