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

const RATES = 'names (coinbase, kraken, coingecko) or URLs, separated by commas';
const WALLET = 'a wallet connection: nostr+walletconnect://…';

/** Billing's variables (`caravel.md` section 8). */
export const configSchema = serviceConfig(
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
    ROBOT_WALLET: field(WALLET).refine(isWallet, { error: WALLET }),
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

function isWallet(url: string): boolean {
  try {
    return parseNwcUrl(url).relays.length > 0;
  } catch {
    return false;
  }
}
