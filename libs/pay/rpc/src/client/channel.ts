import { Client, credentials as grpcCredentials } from '@grpc/grpc-js';
import type { ChannelCredentials, MethodDefinition } from '@grpc/grpc-js';
import { MAX_ANSWER_BYTES } from '../service.js';
import { RpcError } from './rpc-error.js';

/** One kept connection to a node, without anything that repeats a call by itself. */
export function openChannel(endpoint: string, credentials?: ChannelCredentials): Client {
  return new Client(endpoint, credentials ?? grpcCredentials.createInsecure(), {
    'grpc.enable_retries': 0,
    'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
    'grpc.keepalive_time_ms': 30_000,
  });
}

/** Waits until the node can be reached: what fails here has certainly not been sent. Throws an RpcError `connect_error`. */
export function connected(channel: Client, deadline: Date): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.waitForReady(deadline, (cause) => {
      if (!cause) resolve();
      else {
        const hint = 'Is the node running, and is its endpoint right?';
        reject(new RpcError('connect_error', 'the node cannot be reached', { isSent: false, hint, cause }));
      }
    });
  });
}

/** One call, one answer. Rejects with gRPC's error. */
export function unary<Request, Response>(
  channel: Client,
  method: MethodDefinition<Request, Response>,
  { request, deadline, signal }: { request: Request; deadline: Date; signal?: AbortSignal | undefined },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { path, requestSerialize, responseDeserialize } = method;
    const call = channel.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      { deadline },
      (error, answer) => {
        if (error) reject(error);
        else if (answer === undefined) reject(new Error('no answer'));
        else resolve(answer);
      },
    );
    signal?.addEventListener(
      'abort',
      () => {
        call.cancel();
      },
      { once: true },
    );
  });
}
