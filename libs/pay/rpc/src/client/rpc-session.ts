import type { Client } from '@grpc/grpc-js';
import { newNonce } from '../new-nonce.js';
import { METHODS } from '../service.js';
import { keysV2 } from '../v2/envelope-v2.js';
import type { KeysV2 } from '../v2/envelope-v2.js';
import { unary } from './channel.js';
import { toRpcError, unreadable } from './rpc-error.js';

/** The keys of one epoch of one node. */
export interface RpcSession {
  nodeId: Uint8Array;
  epoch: Uint8Array;
  keys: KeysV2;
  newNonce: () => Uint8Array;
  /** The node has turned its keys; its answers say which are next. */
  movedTo: (epoch: Uint8Array) => RpcSession;
}

/**
 * Asks the node who it is. The answer is authenticated by nothing, on purpose: false ones only make keys that fit nowhere. A
 * pinned node id (16 bytes) also refuses another node that has the same secret.
 */
export async function openSession(channel: Client, { secret, pinned, deadline }: SessionOptions): Promise<RpcSession> {
  let reply;
  try {
    reply = await unary(channel, METHODS.Hello, { request: {}, deadline });
  } catch (error) {
    throw toRpcError(error);
  }
  const { nodeId, epoch } = reply;
  if (nodeId.length !== 16 || epoch.length !== 16) throw unreadable('the node does not say who it is');
  if (pinned && Buffer.compare(pinned, nodeId) !== 0)
    throw unreadable('the node is another than the one that is pinned');
  return sessionOf(secret, nodeId, epoch);
}

function sessionOf(secret: string, nodeId: Uint8Array, epoch: Uint8Array): RpcSession {
  const session: RpcSession = {
    nodeId,
    epoch,
    keys: keysV2(secret, nodeId, epoch),
    newNonce,
    movedTo: (next) => (Buffer.compare(next, epoch) === 0 ? session : sessionOf(secret, nodeId, Uint8Array.from(next))),
  };
  return session;
}

interface SessionOptions {
  secret: string;
  pinned: Uint8Array | undefined;
  deadline: Date;
}
