export { keyV1, openV1, sealV1 } from './v1/envelope-v1.js';
export type { EnvelopeV1 } from './v1/envelope-v1.js';
export { keyIdV2, keysV2, METHOD_V2, openFrame, openRequest, sealFrame, sealRequest } from './v2/envelope-v2.js';
export type {
  FramePlace,
  FrameV2,
  KeysV2,
  MethodV2,
  RequestV2,
  SealedFrameV2,
  SealedRequestV2,
} from './v2/envelope-v2.js';
export { rpcClient } from './client/rpc-client.js';
export type { RpcCallOptions, RpcClient, RpcClientOptions } from './client/rpc-client.js';
export { rpcClientCredentials } from './client/rpc-client-credentials.js';
export { RpcError } from './client/rpc-error.js';
export type { NamedSecret } from './server/epochs.js';
export { FailedCalls } from './server/failed-calls.js';
export { rpcCredentials } from './server/rpc-credentials.js';
export type { AdmitKey, HandleRpc, RpcCall } from './server/rpc-handler.js';
export { startRpcServer } from './server/start-rpc-server.js';
export type { RpcServer, RpcServerOptions } from './server/start-rpc-server.js';
