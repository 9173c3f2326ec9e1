import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NETWORKS, networkSchema, PayError } from '@caravel/pay-protocol';
import type { Network } from '@caravel/pay-protocol';
import type { Environment } from '@caravel/service';
import { checkSecret } from './check-secret.js';
import { isLoopback, parseListen } from './listen.js';
import type { ConfigFlags, NodeConfig, RemoteNode } from './node-config.js';
import { nodeKeys } from './node-keys.js';
import { parseToml } from './parse-toml.js';
import type { Toml } from './toml-schema.js';

/**
 * What a node or a command is to do: flags, then the environment, then `config.toml` in the data folder, an afpay 0.7 one
 * included; without a file, defaults. Throws a PayError `invalid_config` that names the key and never its value.
 */
export function readConfig({ env: given, flags = {} }: ConfigSources): { config: NodeConfig; warnings: string[] } {
  const env = withoutBlanks(given);
  const dataDir = flags.dataDir ?? env.AFPAY_DATA_DIR ?? env.AFPAY_HOME ?? join(env.HOME ?? homedir(), '.afpay');
  const { toml, warnings } = parseToml(readFile(join(dataDir, 'config.toml')));
  if (toml.storage_backend === 'redb') {
    warnings.push('config.toml: `storage_backend = "redb"` is read as sqlite; wallets of redb are not taken over');
  }
  const isPublic = flags.publicListen ?? flagOf(env, 'AFPAY_PUBLIC_LISTEN') ?? toml.public_listen;
  const restListen = flags.restListen ?? env.AFPAY_REST_LISTEN ?? toml.rest.listen ?? '127.0.0.1:9401';
  const rpcListen = flags.rpcListen ?? env.AFPAY_RPC_LISTEN ?? toml.rpc.listen ?? '127.0.0.1:9400';
  const rpc = parseListen(rpcListen, 'rpc.listen');
  const keys = nodeKeys(toml, {
    apiKey: flags.restApiKey ?? env.AFPAY_REST_API_KEY,
    rpcSecret: flags.rpcSecret ?? env.AFPAY_RPC_SECRET,
    isPublic,
  });
  const nodes = nodesOf(toml, env);
  const config: NodeConfig = {
    dataDir,
    store: storeOf(toml, dataDir),
    masterKey: { hex: env.AFPAY_MASTER_KEY, file: env.AFPAY_MASTER_KEY_FILE ?? masterKeyFile(env) },
    networks: networksOf(env) ?? toml.networks,
    nodes,
    providers: providersOf(toml, nodes),
    limits: limitsOf(toml),
    approveAbove: toml.approve_above,
    recipients: toml.recipients,
    mints: toml.mints,
    keys: keys.keys,
    rateLimit: toml.rate_limit && {
      requestsPerSecond: toml.rate_limit.requests_per_second,
      maxConcurrent: toml.rate_limit.max_concurrent,
    },
    exchangeRate: exchangeRateOf(toml),
    rest: { listen: parseListen(restListen, 'rest.listen'), corsOrigins: toml.rest.cors_origins },
    rpc: { listen: rpc, acceptsV1: toml.rpc.accept_v1 ?? isLoopback(rpc) },
    tls: toml.tls && {
      certFile: toml.tls.cert_file,
      keyFile: toml.tls.key_file,
      clientCaFile: toml.tls.client_ca_file,
    },
    isPublic,
    webhooks: Object.entries(toml.webhooks).map(([name, { url, secret }]) => ({ name, url, secret })),
    log: toml.log,
    client: clientOf(toml, env),
  };
  return { config, warnings: [...warnings, ...keys.warnings] };
}

const withoutBlanks = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return '';
    throw new PayError('invalid_config', `${path} cannot be read`, { cause: error });
  }
}

function flagOf(env: Environment, name: string): boolean | undefined {
  const text = env[name]?.toLowerCase();
  if (text === undefined) return undefined;
  if (['true', '1', 'yes', 'on'].includes(text)) return true;
  if (['false', '0', 'no', 'off'].includes(text)) return false;
  throw new PayError('invalid_config', `${name}: true or false`);
}

/** Outside of the data folder: whoever copies that has no key to it. */
const masterKeyFile = (env: Environment): string =>
  join(env.XDG_CONFIG_HOME ?? join(env.HOME ?? homedir(), '.config'), 'afpay', 'master.key');

function networksOf({ AFPAY_NETWORKS: text }: Environment): Network[] | undefined {
  if (text === undefined) return undefined;
  return text.split(',').map((name) => {
    const network = networkSchema.safeParse(name.trim().toLowerCase());
    if (!network.success)
      throw new PayError('invalid_config', `AFPAY_NETWORKS: of ${NETWORKS.join(', ')}, with commas`);
    return network.data;
  });
}

function storeOf({ storage_backend, postgres_url_secret }: Toml, dataDir: string): NodeConfig['store'] {
  if (storage_backend !== 'postgres') return { dataDir };
  if (postgres_url_secret !== undefined) return { postgresUrl: postgres_url_secret };
  throw new PayError('invalid_config', 'config.toml: storage_backend = "postgres" needs `postgres_url_secret`');
}

function nodesOf({ afpay_rpc }: Toml, env: Environment): RemoteNode[] {
  return Object.entries(afpay_rpc).map(([name, { endpoint, endpoint_secret, protocol, node_id, ...files }]) => ({
    name,
    endpoint: endpointOf(endpoint),
    secret: checkSecret(endpoint_secret, `afpay_rpc.${name}.endpoint_secret`),
    protocol: protocol ?? protocolOf(env),
    ...(node_id !== undefined && { nodeId: Buffer.from(node_id, 'hex') }),
    ...tlsOf(endpoint, files),
  }));
}

function protocolOf({ AFPAY_RPC_PROTOCOL: text = 'v2' }: Environment): 'v1' | 'v2' {
  if (text === 'v1' || text === 'v2') return text;
  throw new PayError('invalid_config', 'AFPAY_RPC_PROTOCOL: v1 or v2');
}

/** `https://` says it, and so does a file. */
function tlsOf(endpoint: string, { ca_file: caFile, cert_file: certFile, key_file: keyFile }: TlsFiles = {}) {
  const isTls = endpoint.startsWith('https://') || caFile !== undefined || certFile !== undefined;
  return isTls ? { tls: { caFile, certFile, keyFile } } : {};
}

/** afpay 0.7 writes `http://host:port`; what is meant is host and port. */
const endpointOf = (text: string): string => text.replace(/^https?:\/\//, '').replace(/\/+$/, '');

function providersOf({ providers }: Toml, nodes: readonly RemoteNode[]): NodeConfig['providers'] {
  const entries = Object.entries(providers).map(([given, name]) => {
    const network = NETWORKS.find((known) => known === given);
    if (!network)
      throw new PayError('invalid_config', `providers.${given}: a network is one of ${NETWORKS.join(', ')}`);
    const node = nodes.find((known) => known.name === name);
    if (node) return [network, node] as const;
    throw new PayError('invalid_config', `providers.${network}: there is no [afpay_rpc.${name}]`);
  });
  return Object.fromEntries(entries);
}

function limitsOf({ limits, keys }: Toml): NodeConfig['limits'] {
  const ofKeys = Object.entries(keys).flatMap(([keyName, key]) =>
    key.limits.map((text, index) => ({ text, where: `keys.${keyName}.limits[${index}]`, keyName })),
  );
  return [...limits.map((text, index) => ({ text, where: `limits[${index}]` })), ...ofKeys];
}

function exchangeRateOf({ exchange_rate: said }: Toml): NodeConfig['exchangeRate'] {
  if (!said) return undefined;
  const sources = said.sources?.map(({ type, endpoint, api_key_secret, api_key }) => ({
    type,
    endpoint,
    apiKeySecret: api_key_secret ?? api_key,
  }));
  return { ttlS: said.ttl_s, sources };
}

function clientOf({ rpc_endpoint, rpc_secret }: Toml, env: Environment): RemoteNode | undefined {
  if (rpc_endpoint === undefined) return undefined;
  const secret = checkSecret(rpc_secret ?? '', 'rpc_secret');
  const endpoint = endpointOf(rpc_endpoint);
  return { name: 'rpc_endpoint', endpoint, secret, protocol: protocolOf(env), ...tlsOf(rpc_endpoint) };
}

export interface ConfigSources {
  env: Environment;
  flags?: ConfigFlags;
}

interface TlsFiles {
  ca_file?: string | undefined;
  cert_file?: string | undefined;
  key_file?: string | undefined;
}
