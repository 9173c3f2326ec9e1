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
    // A node that was away for long is found again soon after it is back; the default grows to two minutes.
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 2_000,
  });
}

/**
 * Waits until the node can be reached: what fails here has certainly not been sent. Throws an RpcError `connect_error`, also when
 * the caller gives up.
 */
export function connected(channel: Client, { deadline, signal }: Patience): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (message: string, cause: unknown) => {
      const hint = 'Is the node running, and is its endpoint right?';
      reject(new RpcError('connect_error', message, { isSent: false, hint, cause }));
    };
    const forget = onAbort(signal, () => {
      refuse('the call was given up before the node was reached', signal?.reason);
    });
    channel.waitForReady(deadline, (cause) => {
      forget();
      if (cause) refuse('the node cannot be reached', cause);
      else resolve();
    });
  });
}

/** One call, one answer. Rejects with gRPC's error. */
export function unary<Request, Response>(
  channel: Client,
  method: MethodDefinition<Request, Response>,
  { request, deadline, signal }: Patience & { request: Request },
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
        forget();
        if (error) reject(error);
        else if (answer === undefined) reject(new Error('no answer'));
        else resolve(answer);
      },
    );
    const forget = onAbort(signal, () => {
      call.cancel();
    });
  });
}

/** Hears the abort, also one that was before; the signal may outlive thousands of calls, so each takes its listener away. */
export function onAbort(signal: AbortSignal | undefined, hear: () => void): () => void {
  if (signal?.aborted === true) hear();
  signal?.addEventListener('abort', hear, { once: true });
  return () => signal?.removeEventListener('abort', hear);
}

export interface Patience {
  deadline: Date;
  signal?: AbortSignal | undefined;
}
