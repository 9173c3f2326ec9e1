import type { RemoteNode } from '@caravel/pay-daemon';

/** Asks a node which version it is. Throws when it can't be reached or has another secret. */
export async function checkNode(node: Omit<RemoteNode, 'name'>, nowMs: () => number): Promise<void> {
  const { rpcClient } = await import('@caravel/pay-rpc');
  const client = rpcClient({ ...node, nowMs });
  try {
    await client.call({ code: 'version' }, { timeoutMs: 8000 });
  } finally {
    client.close();
  }
}

/** Two nodes with one secret: what is meant for one can be led to the other, unless its `node_id` is pinned. */
export function sharedSecrets(nodes: readonly RemoteNode[]): string[] {
  return nodes.flatMap((node, index) => {
    const same = nodes
      .slice(0, index)
      .filter(({ secret, endpoint }) => secret === node.secret && endpoint !== node.endpoint);
    const isPinned = node.nodeId !== undefined && same.every(({ nodeId }) => nodeId !== undefined);
    if (same.length === 0 || isPinned) return [];
    const names = [...same, node].map(({ name }) => name).join(' and ');
    return [`${names} have the same secret: give each its own, or pin node_id`];
  });
}
