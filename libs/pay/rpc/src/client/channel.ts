import { Client, connectivityState, credentials as grpcCredentials } from '@grpc/grpc-js';
import type { ChannelCredentials, MethodDefinition } from '@grpc/grpc-js';
import { MAX_ANSWER_BYTES } from '../service.js';
import { RpcError } from './rpc-error.js';

/** One kept connection to a node, without anything that repeats a call by itself. */
export function openChannel(endpoint: string, credentials?: ChannelCredentials): Client {
  return new Client(endpoint, credentials ?? grpcCredentials.createInsecure(), {
    'grpc.enable_retries': 0,
    // Otherwise a client made right after another was closed would go on with its connection.
    'grpc.use_local_subchannel_pool': 1,
    // Counts every call for a debugger that is never asked.
    'grpc.enable_channelz': 0,
    'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
    'grpc.keepalive_time_ms': 30_000,
    // A node that was away for long is found again soon after it is back; the default grows to two minutes.
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': MAX_BACKOFF_MS,
  });
}

/**
 * Waits until the node can be reached: what fails here has certainly not been sent. A node that refuses the connection is told at
 * once, one that refused before when the next attempt had its time. Throws an RpcError `connect_error`, also when the caller gives up.
 */
export function connected(client: Client, { deadline, signal }: Patience): Promise<void> | undefined {
  const channel = client.getChannel();
  // The usual case, for which waking the channel up would cost more than all the rest here.
  if (channel.getConnectivityState(false) === connectivityState.READY && signal?.aborted !== true) return undefined;
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = (message?: string, cause?: unknown): void => {
      if (isOver) return;
      isOver = true;
      forget();
      const hint = 'Is the node running, and is its endpoint right?';
      if (message === undefined) resolve();
      else reject(new RpcError('connect_error', message, { isSent: false, hint, cause }));
    };
    const wasBroken = channel.getConnectivityState(true) === connectivityState.TRANSIENT_FAILURE;
    const until = wasBroken ? new Date(Math.min(deadline.getTime(), Date.now() + MAX_BACKOFF_MS + 250)) : deadline;
    const look = (): void => {
      const state = channel.getConnectivityState(true);
      if (isOver) return;
      if (state === connectivityState.READY) end();
      else if (state === connectivityState.TRANSIENT_FAILURE && !wasBroken) end('the node cannot be reached');
      else if (state === connectivityState.SHUTDOWN) end('the connection to the node was closed');
      else
        channel.watchConnectivityState(state, until, (cause) => {
          if (cause) end('the node cannot be reached', cause);
          else look();
        });
    };
    const forget = onAbort(signal, () => {
      end('the call was given up before the node was reached', signal?.reason);
    });
    look();
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

const MAX_BACKOFF_MS = 1_000;
