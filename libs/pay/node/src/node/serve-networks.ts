import type { Downstream, Providers } from '@caravel/pay-core';
import { NETWORKS, PayError } from '@caravel/pay-protocol';
import type { Network, NewPayId } from '@caravel/pay-protocol';
import type { Provider } from '@caravel/pay-provider';
import type { RpcClient } from '@caravel/pay-rpc';
import type { NodeConfig, RemoteNode } from '../config/node-config.js';
import { openClient } from './open-client.js';
import { localProviders } from './local-providers.js';
import type { LocalProviderDeps, LocalProviders } from './local-providers.js';

/** The networks of this node, each loaded when it is first used, and the nodes below it. */
export interface ServedNetworks extends Providers {
  downstream: readonly Downstream[];
  close: () => Promise<void>;
}

export function serveNetworks(
  { networks, providers, nodes }: Pick<NodeConfig, 'networks' | 'providers' | 'nodes'>,
  deps: ServeDeps,
): ServedNetworks {
  const loaded = new Map<Network, Promise<Provider>>();
  const clients = new Map<RemoteNode, Promise<RpcClient>>();
  const { locals = localProviders } = deps;
  const served = NETWORKS.filter((network) => networks.includes(network) && (providers[network] ?? locals[network]));

  const clientOf = (node: RemoteNode): Promise<RpcClient> => {
    const client = clients.get(node) ?? openClient(node, deps.nowMs);
    clients.set(node, client);
    return client;
  };
  const load = async (network: Network): Promise<Provider> => {
    const node = providers[network];
    if (node) {
      const { remoteProvider } = await import('@caravel/pay-provider-remote');
      const { endpoint, protocol } = node;
      const client = await clientOf(node);
      const { nodeId, newId, nowMs } = deps;
      return remoteProvider({ network, endpoint, protocol, client, nodeId, newId, nowMs });
    }
    const local = locals[network];
    if (!networks.includes(network) || !local) throw notServed(network, networks);
    return local(deps.local);
  };

  return {
    networks: served,
    isRemote: (network) => providers[network] !== undefined,
    of: (network) => {
      const provider = loaded.get(network) ?? load(network);
      loaded.set(network, provider);
      provider.catch(() => loaded.delete(network));
      return provider;
    },
    downstream: eachEndpointOnce(nodes).map((node) => ({
      name: node.name,
      endpoint: node.endpoint,
      ask: async (input, { signal, deadlineMs }) => {
        const client = await clientOf(node);
        return client.call(input, { signal, timeoutMs: Math.max(deadlineMs - deps.nowMs(), 0) });
      },
    })),
    close: async () => {
      const settled = await Promise.allSettled([...loaded.values()]);
      for (const provider of settled) if (provider.status === 'fulfilled') await provider.value.close?.();
      for (const client of await Promise.allSettled([...clients.values()])) {
        if (client.status === 'fulfilled') client.value.close();
      }
    },
  };
}

function eachEndpointOnce(nodes: readonly RemoteNode[]): RemoteNode[] {
  return nodes.filter(({ endpoint }, index) => nodes.findIndex((other) => other.endpoint === endpoint) === index);
}

function notServed(network: Network, networks: readonly Network[]): PayError {
  if (!networks.includes(network)) {
    return new PayError('not_implemented', `${network} is not served here`, {
      hint: 'Add it to `networks` in config.toml or to AFPAY_NETWORKS',
    });
  }
  return new PayError('not_implemented', `this version has no wallets of its own on ${network}`, {
    hint: `A node that has them can serve it: ${network} = "<name>" in [providers]`,
  });
}

interface ServeDeps {
  /** Those of this version, unless a test has others. */
  locals?: LocalProviders | undefined;
  local: LocalProviderDeps;
  /** Our own, in hex. */
  nodeId: string;
  newId: NewPayId;
  nowMs: () => number;
}
