import { readFileSync } from 'node:fs';
import { PayError } from '@caravel/pay-protocol';
import type { AdmitKey, HandleRpc, RpcServer } from '@caravel/pay-rpc';
import { checkListen, listenText } from '../config/listen.js';
import type { NodeConfig } from '../config/node-config.js';
import type { answerCall } from '../door/answer-call.js';

/** The door of `pay-rpc-v2.md`. Throws a PayError `invalid_config` when no key can be used there, or the address can't. */
export async function startRpcDoor(
  config: Pick<NodeConfig, 'keys' | 'rpc' | 'isPublic' | 'tls'>,
  { answer, admit, nodeId, nowMs }: RpcDoorDeps,
): Promise<RpcServer> {
  const { keys, rpc, isPublic, tls } = config;
  const listen = checkListen(rpc.listen, { where: 'rpc.listen', isPublic });
  const secrets = keys.flatMap(({ caller, rpcSecrets }) =>
    rpcSecrets.map((secret) => ({ keyName: caller.keyName, secret })),
  );
  if (secrets.length === 0) {
    throw new PayError('invalid_config', 'no key has a secret for RPC', {
      hint: 'Set AFPAY_RPC_SECRET, or rpc_secret in [keys.<name>]: openssl rand -hex 32',
    });
  }
  const callers = new Map(keys.map(({ caller }) => [caller.keyName, caller]));
  const handle: HandleRpc = (call) => {
    const caller = callers.get(call.keyName);
    if (!caller) throw new TypeError('a key without a name');
    const { text, nonce, deadlineMs, signal } = call;
    const isV1 = call.protocol === 'v1';
    return answer({
      text,
      caller,
      dialect: isV1 ? 'afpay-0.7' : 'native',
      nonce,
      isV1,
      deadlineOf: () => deadlineMs,
      signal,
    });
  };
  const { rpcCredentials, startRpcServer } = await import('@caravel/pay-rpc');
  const credentials = tls && {
    credentials: rpcCredentials({
      cert: readFileSync(tls.certFile),
      key: readFileSync(tls.keyFile),
      clientCa: tls.clientCaFile === undefined ? undefined : readFileSync(tls.clientCaFile),
    }),
  };
  return startRpcServer({
    listen: listenText(listen),
    secrets,
    nodeId,
    nowMs,
    handle,
    admit,
    acceptsV1: rpc.acceptsV1,
    ...credentials,
  });
}

interface RpcDoorDeps {
  answer: ReturnType<typeof answerCall>;
  admit: AdmitKey;
  nodeId: Uint8Array;
  nowMs: () => number;
}
