import { ServerCredentials } from '@grpc/grpc-js';

/** TLS for a server, from PEM texts; with `clientCa` only clients whose certificate it signed are let in (mTLS). */
export function rpcCredentials({ cert, key, clientCa }: RpcTls): ServerCredentials {
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  return ServerCredentials.createSsl(
    clientCa === undefined ? null : Buffer.from(clientCa),
    [pair],
    clientCa !== undefined,
  );
}

interface RpcTls {
  cert: Uint8Array;
  key: Uint8Array;
  clientCa?: Uint8Array | undefined;
}
