import type { Input, Output } from '@caravel/pay-protocol';
import type { RpcClient } from '@caravel/pay-rpc';

/** The nodes below, as `limit_list` asks them for their tree: each within the time that is left to whoever asked. */
export function downstream(nodes: readonly NodeBelow[], nowMs: () => number): AskedNode[] {
  return nodes.map(({ name, endpoint, client }) => ({
    name,
    endpoint,
    ask: (input, { signal, deadlineMs }) =>
      client.call(input, { signal, timeoutMs: Math.max(deadlineMs - nowMs(), 0) }),
  }));
}

export interface NodeBelow {
  /** As in `[afpay_rpc.<name>]`. */
  name: string;
  endpoint: string;
  client: RpcClient;
}

/** The port of the core (`Downstream`), which this library does not know. */
export interface AskedNode {
  name: string;
  endpoint: string;
  /** Throws a PayError when the node can't be asked. */
  ask: (input: Input, call: { signal: AbortSignal; deadlineMs: number }) => Promise<Output[]>;
}
