import type { ChannelCredentials } from '@grpc/grpc-js';
import { stringifyJson } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import type { SealedFrame, SealedRequest } from '../messages.js';
import { METHODS } from '../service.js';
import { keyV1, openV1, sealV1 } from '../v1/envelope-v1.js';
import { METHOD_V2 } from '../v2/envelope-v2.js';
import { answerOf } from './answer-of.js';
import { connected, onAbort, openChannel, unary } from './channel.js';
import type { Patience } from './channel.js';
import { toRpcError, unreadable } from './rpc-error.js';
import { sealedCalls } from './sealed-calls.js';

/** A kept channel to one node; it connects at the first call. */
export interface RpcClient {
  /** The Outputs as they come, the terminal one last. Throws an RpcError, also when the answer is cut short. */
  watch: (input: Input, options?: RpcCallOptions) => AsyncGenerator<Output>;
  /** The whole answer at once. Throws an RpcError. */
  call: (input: Input, options?: RpcCallOptions) => Promise<Output[]>;
  /** Which node it is, 16 bytes, as an answer of it has proven. Undefined: v1 does not tell. Throws an RpcError. */
  nodeId: (options?: Omit<RpcCallOptions, 'nodeId'>) => Promise<Uint8Array | undefined>;
  close: () => void;
}

/** Speaks the protocol it was told, and never falls back by itself to the weaker one. */
export function rpcClient(options: RpcClientOptions): RpcClient {
  const channel = openChannel(options.endpoint, options.credentials);
  const close = () => {
    channel.close();
  };
  return options.protocol === 'v1'
    ? { ...clientV1(channel, options), close }
    : { ...clientV2(channel, options), close };
}

function clientV2(
  channel: Channel,
  { secret, nodeId: pinned, nowMs, connectTimeoutMs }: RpcClientOptions,
): Omit<RpcClient, 'close'> {
  const { begin, isStale, proven } = sealedCalls(channel, { secret, pinned, nowMs });

  const call: RpcClient['call'] = async (input, { timeoutMs, signal, nodeId } = {}) => {
    const deadline = deadlineIn(timeoutMs);
    await connected(channel, { deadline: earlier(deadline, connectTimeoutMs), signal });
    for (let attempt = 0; ; attempt += 1) {
      const { request, read } = await begin(METHOD_V2.Call2, input, { deadline, nodeId, attempt });
      try {
        return read(await unary(channel, METHODS.Call2, { request, deadline, signal }), 0, true);
      } catch (error) {
        if (!isStale(error, attempt)) throw toRpcError(error);
      }
    }
  };

  return {
    call,
    watch: async function* (input, { timeoutMs, signal, nodeId } = {}) {
      const deadline = deadlineIn(timeoutMs);
      await connected(channel, { deadline: earlier(deadline, connectTimeoutMs), signal });
      for (let attempt = 0; ; attempt += 1) {
        const { request, read } = await begin(METHOD_V2.Watch2, input, { deadline, nodeId, attempt });
        try {
          let index = 0;
          let isOver = false;
          for await (const frame of serverStream(channel, request, { deadline, signal })) {
            if (isOver) throw unreadable('a frame came after the last');
            yield* read(frame, index);
            index += 1;
            isOver = frame.final;
          }
          if (!isOver) throw unreadable('the answer was cut short');
          return;
        } catch (error) {
          if (!isStale(error, attempt)) throw toRpcError(error);
        }
      }
    },
    nodeId: async (options) => {
      if (!proven()) await call({ code: 'version' }, options);
      return proven();
    },
  };
}

/** As the original speaks: one answer for all Outputs, and no order in time. */
function clientV1(channel: Channel, { secret, connectTimeoutMs }: RpcClientOptions): Omit<RpcClient, 'close'> {
  const key = keyV1(secret);
  const call: RpcClient['call'] = async (input, { timeoutMs, signal } = {}) => {
    const deadline = deadlineIn(timeoutMs);
    await connected(channel, { deadline: earlier(deadline, connectTimeoutMs), signal });
    const request = sealV1(key, Buffer.from(stringifyJson(input)));
    try {
      const answer = await unary(channel, METHODS.Call, { request, deadline, signal });
      return boundV1(answerOf(openingV1(key, answer), input), input);
    } catch (error) {
      throw toRpcError(error);
    }
  };
  return {
    call,
    watch: async function* (input, options) {
      yield* await call(input, options);
    },
    nodeId: () => Promise.resolve(undefined),
  };
}

/** Nothing else binds an answer of v1 to its request: without our id it may be that of another one, played again. */
function boundV1(outputs: Output[], input: Input): Output[] {
  if (!('id' in input)) return outputs;
  const said = outputs.filter(({ code }) => code !== 'log');
  if (said.length > 0 && said.every((output) => 'id' in output && output.id === input.id)) return outputs;
  throw unreadable('the answer does not say that it is of this request');
}

function openingV1(key: Uint8Array, answer: Parameters<typeof openV1>[1]): Uint8Array {
  try {
    return openV1(key, answer, MAX_V1_ANSWER_BYTES).text;
  } catch (cause) {
    throw unreadable('the answer was not sealed with our secret', cause);
  }
}

async function* serverStream(channel: Channel, request: SealedRequest, { deadline, signal }: Patience) {
  const { path, requestSerialize, responseDeserialize } = METHODS.Watch2;
  const stream = channel.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, { deadline });
  const forget = onAbort(signal, () => {
    stream.cancel();
  });
  try {
    yield* stream as AsyncIterable<SealedFrame>;
  } finally {
    forget();
  }
}

// gRPC's deadlines are of this machine's clock, whatever the time of the requests is.
const deadlineIn = (timeoutMs = 30_000): Date => new Date(Date.now() + timeoutMs);
const earlier = (deadline: Date, timeoutMs = 10_000): Date =>
  new Date(Math.min(deadline.getTime(), Date.now() + timeoutMs));
/** As the original bounds it. */
const MAX_V1_ANSWER_BYTES = 64 * 1024 * 1024;

type Channel = ReturnType<typeof openChannel>;

export interface RpcCallOptions {
  /** For all of it, connecting included; 30 s when absent. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  /** v2: no other node may be asked, whoever answers at the endpoint by now. 16 bytes. */
  nodeId?: Uint8Array | undefined;
}

export interface RpcClientOptions {
  /** `host:port`. */
  endpoint: string;
  secret: string;
  protocol?: 'v1' | 'v2';
  /** `node_id` of the configuration: 16 bytes. */
  nodeId?: Uint8Array | undefined;
  nowMs: () => number;
  /** A node that isn't there is told after this long; 10 s when absent. */
  connectTimeoutMs?: number | undefined;
  /** TLS or mTLS underneath; plain when absent. */
  credentials?: ChannelCredentials;
}
