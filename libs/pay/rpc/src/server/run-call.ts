import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { encodeOutputs, errorOutput, PayError } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { EncryptedMessage, SealedFrame, SealedRequest } from '../messages.js';
import { MAX_ANSWER_BYTES } from '../service.js';
import { Refusal, status } from './refusal.js';
import type { AdmitKey, HandleRpc, RpcCall } from './rpc-handler.js';

/** What every method shares: who may call, what is called, and where the caller is. */
export interface Doorkeeping {
  handle: HandleRpc;
  admit: AdmitKey;
  nowMs: () => number;
}

/** Runs an authenticated call while its key is admitted. Throws a Refusal when it isn't. */
export async function whileAdmitted<Result>(
  admit: AdmitKey,
  { call, accepted, protocol }: AcceptedCall,
  run: (rpcCall: RpcCall) => Promise<Result>,
): Promise<Result> {
  const release = admit(accepted.keyName);
  if (!release) throw new Refusal(status.RESOURCE_EXHAUSTED, 'rate');
  // Few calls ask for their signal, and it is dear.
  let gone: AbortController | undefined;
  let hasLeft = false;
  const leave = () => {
    hasLeft = true;
    gone?.abort();
  };
  const signal = () => {
    gone ??= new AbortController();
    if (hasLeft) gone.abort();
    return gone.signal;
  };
  call.on('cancelled', leave);
  try {
    return await run(rpcCallOf(call, accepted, { protocol, signal }));
  } finally {
    // gRPC tells it of calls that were answered too, and nobody needs to hear that.
    call.off('cancelled', leave);
    release();
  }
}

function rpcCallOf(
  call: GrpcCall,
  { keyName, body }: Authenticated,
  { protocol, signal }: { protocol: RpcCall['protocol']; signal: () => AbortSignal },
): RpcCall {
  const deadline = call.getDeadline();
  const deadlineMs = deadline instanceof Date ? deadline.getTime() : deadline;
  return {
    text: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'),
    keyName,
    protocol,
    nonce: call.request.nonce,
    deadlineMs: Number.isFinite(deadlineMs) ? deadlineMs : undefined,
    get signal() {
      return signal();
    },
  };
}

export async function collect(answer: ReturnType<HandleRpc>): Promise<Output[]> {
  const outputs: Output[] = [];
  for await (const { output } of answer) outputs.push(output);
  return outputs;
}

/** What would not fit is told instead: a payment, if there was one, can be asked for by its id. */
export function bounded(json: string, outputs: readonly Output[]): Buffer {
  const bytes = Buffer.from(json);
  if (bytes.length < MAX_ANSWER_BYTES - ROOM_BYTES) return bytes;
  const last = outputs.at(-1);
  const id = last && 'id' in last && typeof last.id === 'string' ? last.id : undefined;
  const hint = 'Ask for fewer with `limit` and `offset`';
  const tooLarge = errorOutput(new PayError('response_too_large', 'the answer is over 4 MiB', { hint }), id);
  return Buffer.from(encodeOutputs([tooLarge]));
}

/** Of the peer, without its port. */
export const addressOf = (call: GrpcCall): string => call.getPeer().replace(/:\d+$/, '');

/** For the envelope around it. */
const ROOM_BYTES = 1024;

interface Authenticated {
  keyName: string;
  body: Uint8Array;
}

interface AcceptedCall {
  call: GrpcCall;
  accepted: Authenticated;
  protocol: RpcCall['protocol'];
}

type GrpcCall =
  | ServerUnaryCall<SealedRequest, SealedFrame>
  | ServerWritableStream<SealedRequest, SealedFrame>
  | ServerUnaryCall<EncryptedMessage, EncryptedMessage>;
