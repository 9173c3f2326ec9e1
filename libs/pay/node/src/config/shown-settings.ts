import type { NodeConfig } from './node-config.js';

/** What `config_show` shows: everything in force, secrets left out rather than hidden. */
export function shownSettings(config: NodeConfig): Record<string, unknown> {
  const { exchangeRate, rateLimit, rest, rpc, keys, nodes, providers, webhooks } = config;
  return {
    data_dir: config.dataDir,
    storage_backend: 'dataDir' in config.store ? 'sqlite' : 'postgres',
    networks: config.networks,
    log: config.log,
    limits: config.limits.map(({ text, keyName }) => (keyName === undefined ? text : `${keyName}: ${text}`)),
    approve_above: config.approveAbove,
    recipients: config.recipients,
    mints: config.mints,
    public_listen: config.isPublic,
    rest: { listen: `${rest.listen.host}:${rest.listen.port}`, cors_origins: rest.corsOrigins },
    rpc: { listen: `${rpc.listen.host}:${rpc.listen.port}`, accept_v1: rpc.acceptsV1 },
    providers: Object.fromEntries(Object.entries(providers).map(([network, node]) => [network, node.name])),
    afpay_rpc: Object.fromEntries(nodes.map(({ name, endpoint, protocol }) => [name, { endpoint, protocol }])),
    keys: keys.map(({ caller }) => ({ name: caller.keyName, role: caller.role, networks: caller.networks })),
    ...(rateLimit && {
      rate_limit: { requests_per_second: rateLimit.requestsPerSecond, max_concurrent: rateLimit.maxConcurrent },
    }),
    ...(exchangeRate && {
      exchange_rate: {
        ttl_s: exchangeRate.ttlS,
        sources: exchangeRate.sources?.map(({ type, endpoint }) => ({ type, endpoint })),
      },
    }),
    webhooks: webhooks.map(({ name }) => name),
  };
}
