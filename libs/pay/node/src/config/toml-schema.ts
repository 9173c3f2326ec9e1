import { INPUTS, NETWORKS, networkSchema } from '@caravel/pay-protocol';
import type { InputCode } from '@caravel/pay-protocol';
import { z } from 'zod';

const texts = z.array(z.string().min(1));
const endpoint = z.string().min(1);
/** Names of keys, nodes and webhooks stand in logs, buckets and file names. */
const name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'a name is 1 to 64 letters, digits, - and _');
const inputCodes = Object.keys(INPUTS) as [InputCode, ...InputCode[]];

const key = z.strictObject({
  api_key_secret: z.string().min(1).optional(),
  rpc_secret: z.string().optional(),
  previous_rpc_secret: z.string().optional(),
  networks: z.array(networkSchema).optional(),
  wallets: texts.optional(),
  inputs: z.array(z.enum(inputCodes, 'a list of codes of Inputs')).optional(),
  role: z.enum(['payer', 'viewer', 'approver']).default('payer'),
  limits: texts.default([]),
});

const rateSource = z.strictObject({
  type: z.enum(['kraken', 'coin_gecko', 'generic']),
  endpoint: z.url(),
  api_key_secret: z.string().optional(),
  api_key: z.string().optional(),
});

/** config.toml: what afpay 0.7 knows, then ours. Strict, so that what nobody knows can be named. */
export const tomlSchema = z.strictObject({
  data_dir: z.string().optional(),
  rpc_endpoint: endpoint.optional(),
  rpc_secret: z.string().optional(),
  log: texts.default([]),
  storage_backend: z.enum(['sqlite', 'redb', 'postgres']).default('sqlite'),
  postgres_url_secret: z.string().min(1).optional(),
  exchange_rate: z
    .strictObject({ ttl_s: z.int().min(1).default(300), sources: z.array(rateSource).min(1).optional() })
    .optional(),
  afpay_rpc: z
    .record(
      name,
      z.strictObject({
        endpoint,
        endpoint_secret: z.string(),
        protocol: z.enum(['v1', 'v2']).optional(),
        node_id: z
          .string()
          .regex(/^[0-9a-f]{32}$/i, '32 hex digits')
          .optional(),
        ca_file: z.string().optional(),
        cert_file: z.string().optional(),
        key_file: z.string().optional(),
      }),
    )
    .default({}),
  providers: z.record(name, z.string()).default({}),
  rate_limit: z
    .strictObject({ requests_per_second: z.int().min(0).default(20), max_concurrent: z.int().min(0).default(50) })
    .optional(),

  networks: z
    .array(networkSchema)
    .min(1)
    .default([...NETWORKS]),
  limits: texts.default([]),
  approve_above: texts.default([]),
  recipients: texts.optional(),
  mints: z.array(z.url()).optional(),
  keys: z.record(name, key).default({}),
  public_listen: z.boolean().default(false),
  rest: z.strictObject({ listen: z.string().optional(), cors_origins: texts.default([]) }).prefault({}),
  rpc: z.strictObject({ listen: z.string().optional(), accept_v1: z.boolean().optional() }).prefault({}),
  tls: z
    .strictObject({ cert_file: z.string(), key_file: z.string(), client_ca_file: z.string().optional() })
    .optional(),
  webhooks: z
    .record(
      name,
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }),
        secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, '`whsec_` and at least 24 bytes in base64'),
      }),
    )
    .default({}),
});

export type Toml = z.output<typeof tomlSchema>;
