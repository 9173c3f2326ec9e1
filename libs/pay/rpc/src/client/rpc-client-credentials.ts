import { credentials } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';

/** TLS for a client, from PEM texts: who may vouch for the node (without: this machine's list), and for mTLS a certificate. */
export function rpcClientCredentials({ ca, cert, key }: RpcClientTls): ChannelCredentials {
  const buffer = (text: Uint8Array | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));
  return credentials.createSsl(buffer(ca), buffer(key), buffer(cert));
}

interface RpcClientTls {
  ca?: Uint8Array | undefined;
  cert?: Uint8Array | undefined;
  key?: Uint8Array | undefined;
}
