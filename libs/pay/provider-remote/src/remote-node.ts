import type { Network, NewPayId } from '@caravel/pay-protocol';
import type { RpcClient } from '@caravel/pay-rpc';

/** One network of one node, as its provider is told. */
export interface RemoteNode {
  network: Network;
  /** `host:port`; the `origin` of a limit that was exceeded there. */
  endpoint: string;
  /** Kept and closed by whoever opened it; several networks may share it. */
  client: RpcClient;
  protocol: 'v1' | 'v2';
  /** Our own, 16 bytes in hex. */
  nodeId: string;
  newId: NewPayId;
  nowMs: () => number;
}
