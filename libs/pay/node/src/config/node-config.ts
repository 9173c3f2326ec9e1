import type { Caller } from '@caravel/pay-core';
import type { RateSource } from '@caravel/pay-exchange-rate';
import type { Network } from '@caravel/pay-protocol';
import type { StoreLocation } from '@caravel/pay-store';

/** Everything that config.toml, the environment and flags say, checked and with its defaults. */
export interface NodeConfig {
  /** Holds config.toml and, unless the store is a server, `afpay.db`. */
  dataDir: string;
  store: StoreLocation;
  masterKey: { hex?: string | undefined; file: string };
  /** Those a wallet may be on. */
  networks: readonly Network[];
  /** Which node serves a network; those that are missing are served here. */
  providers: Readonly<Partial<Record<Network, RemoteNode>>>;
  /** Nodes below, whether a network is theirs or not. */
  nodes: readonly RemoteNode[];
  /** Texts of `limits`; `key` of those that count one key's payments only. */
  limits: readonly ConfiguredLimit[];
  /** Texts `scope:place:amount`. */
  approveAbove: readonly string[];
  recipients?: readonly string[] | undefined;
  mints?: readonly string[] | undefined;
  keys: readonly NodeKey[];
  rateLimit?: RateLimit | undefined;
  /** Without sources: Kraken, then CoinGecko. */
  exchangeRate?: { ttlS: number; sources?: readonly RateSource[] | undefined } | undefined;
  rest: { listen: Listen; corsOrigins: readonly string[] };
  rpc: { listen: Listen; acceptsV1: boolean };
  /** Paths of PEM files. */
  tls?: { certFile: string; keyFile: string; clientCaFile?: string | undefined } | undefined;
  /** Other addresses than this machine's own are served. */
  isPublic: boolean;
  webhooks: readonly Webhook[];
  log: readonly string[];
  /** Where the command line sends what it is asked, instead of doing it itself. */
  client?: RemoteNode | undefined;
}

/** A node that is spoken to. */
export interface RemoteNode {
  name: string;
  /** `host:port`. */
  endpoint: string;
  secret: string;
  protocol: 'v1' | 'v2';
  /** 16 bytes, when it is pinned. */
  nodeId?: Uint8Array | undefined;
  /** Over TLS; paths of PEM files. Without `caFile`, this machine's list says whom to believe. */
  tls?: ClientTls | undefined;
}

export interface ClientTls {
  caFile?: string | undefined;
  /** For mTLS. */
  certFile?: string | undefined;
  keyFile?: string | undefined;
}

/** A key of REST and RPC, with what it may do. */
export interface NodeKey {
  caller: Caller;
  /** SHA-256 of API keys; the keys themselves are not kept. */
  apiKeyHashes: readonly Uint8Array[];
  /** The current one and, while it is being replaced, the previous. */
  rpcSecrets: readonly string[];
}

export interface ConfiguredLimit {
  text: string;
  /** Where it stands, e.g. `keys.agent.limits[0]`. */
  where: string;
  keyName?: string | undefined;
}

/** Per key. Zero: without bound. */
export interface RateLimit {
  requestsPerSecond: number;
  maxConcurrent: number;
}

export interface Listen {
  host: string;
  port: number;
}

/** Standard Webhooks. */
export interface Webhook {
  name: string;
  url: string;
  /** `whsec_` and base64. */
  secret: string;
}

/** What the command line may say; each wins over the environment and the file. */
export interface ConfigFlags {
  dataDir?: string | undefined;
  publicListen?: boolean | undefined;
  restListen?: string | undefined;
  rpcListen?: string | undefined;
  restApiKey?: string | undefined;
  rpcSecret?: string | undefined;
}
