import { readFileSync } from 'node:fs';
import type { RpcClient } from '@caravel/pay-rpc';
import type { RemoteNode } from '../config/node-config.js';

/** A client of a node that the configuration names, over TLS where it says so. Throws when a file of it cannot be read. */
export async function openClient(node: RemoteNode, nowMs: () => number): Promise<RpcClient> {
  const { rpcClient, rpcClientCredentials } = await import('@caravel/pay-rpc');
  const { endpoint, secret, protocol, nodeId, tls } = node;
  const pem = (file: string | undefined): Uint8Array | undefined =>
    file === undefined ? undefined : readFileSync(file);
  const credentials = tls && {
    credentials: rpcClientCredentials({ ca: pem(tls.caFile), cert: pem(tls.certFile), key: pem(tls.keyFile) }),
  };
  return rpcClient({ endpoint, secret, protocol, nodeId, nowMs, ...credentials });
}
