import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerUnaryCall, ServerWritableStream, ServiceError, sendUnaryData } from '@grpc/grpc-js';
import type { HelloReply, SealedFrame, SealedRequest } from '../messages.js';
import { MAX_REQUEST_BYTES, METHODS } from '../service.js';
import { epochs as makeEpochs } from './epochs.js';
import type { NamedSecret } from './epochs.js';
import { FailedCalls } from './failed-calls.js';
import { Refusal, status } from './refusal.js';
import type { AdmitKey, HandleRpc } from './rpc-handler.js';
import { serveV1 } from './serve-v1.js';
import { serveV2 } from './serve-v2.js';

/** The door of a node for its clients and for nodes above it (`pay-rpc-v2.md`). */
export interface RpcServer {
  /** Where it listens, `host:port`. */
  address: string;
  /** Takes no new call, waits for those that run at most this long, then cuts them. */
  stop: (graceMs: number) => Promise<void>;
}

export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const { secrets, nodeId, nowMs, handle, admit = everybody, listen, acceptsV1, credentials } = options;
  const failures = new FailedCalls(nowMs);
  const doorkeeping = { handle, admit, nowMs, failures };
  const v2 = serveV2({ ...doorkeeping, nodeId, epochs: makeEpochs({ secrets, nodeId, nowMs }) });
  const v1 = serveV1({ ...doorkeeping, secrets, isOn: acceptsV1 });

  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_permit_without_calls': 1,
    // Counts every call for a debugger that is never asked.
    'grpc.enable_channelz': 0,
  });
  server.addService(METHODS, {
    Hello: (_call: unknown, answer: sendUnaryData<HelloReply>) => {
      answer(null, v2.hello());
    },
    Call: unary(v1),
    Call2: unary(v2.call2),
    Watch2: (call: ServerWritableStream<SealedRequest, SealedFrame>) => {
      v2.watch2(call).catch((error: unknown) => call.emit('error', refusalOf(error)));
    },
  });
  const port = await bind(server, listen, credentials ?? ServerCredentials.createInsecure());
  return { address: listen.replace(/:\d+$/, `:${port}`), stop: (graceMs) => stop(server, graceMs) };
}

const everybody: AdmitKey = () => () => undefined;

function unary<Request, Response>(work: (call: ServerUnaryCall<Request, Response>) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>): void => {
    work(call).then(
      (response) => {
        answer(null, response);
      },
      (error: unknown) => {
        answer(refusalOf(error));
      },
    );
  };
}

/** A mistake of ours tells nothing, and the caller takes the outcome for unknown. */
const refusalOf = (error: unknown): ServiceError =>
  error instanceof Refusal ? error : new Refusal(status.INTERNAL, 'failed');

function bind(server: Server, listen: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, credentials, (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

function stop(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.forceShutdown();
      // A call that is cut does not end the polite shutdown.
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}

export interface RpcServerOptions {
  /** `host:port`; port 0 takes a free one. */
  listen: string;
  secrets: readonly NamedSecret[];
  /** 16 bytes. */
  nodeId: Uint8Array;
  nowMs: () => number;
  handle: HandleRpc;
  admit?: AdmitKey;
  /** `[rpc] accept_v1`. */
  acceptsV1: boolean;
  /** TLS or mTLS underneath; plain when absent. */
  credentials?: ServerCredentials;
}
