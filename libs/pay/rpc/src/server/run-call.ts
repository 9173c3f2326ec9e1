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
  keyName: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const release = admit(keyName);
  if (!release) throw new Refusal(status.RESOURCE_EXHAUSTED, 'rate');
  try {
    return await run();
  } finally {
    release();
  }
}

export function rpcCallOf(call: GrpcCall, { keyName, body }: Authenticated, protocol: RpcCall['protocol']): RpcCall {
  const gone = new AbortController();
  // Also of calls that were answered, so that the reason is made once, and not with a stack for each.
  call.on('cancelled', () => {
    gone.abort(GONE);
  });
  const deadline = call.getDeadline();
  const deadlineMs = deadline instanceof Date ? deadline.getTime() : deadline;
  return {
    text: Buffer.from(body).toString('utf8'),
    keyName,
    protocol,
    nonce: call.request.nonce,
    deadlineMs: Number.isFinite(deadlineMs) ? deadlineMs : undefined,
    signal: gone.signal,
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

const GONE = new DOMException('the caller has gone away', 'AbortError');
/** For the envelope around it. */
const ROOM_BYTES = 1024;

interface Authenticated {
  keyName: string;
  body: Uint8Array;
}

type GrpcCall =
  | ServerUnaryCall<SealedRequest, SealedFrame>
  | ServerWritableStream<SealedRequest, SealedFrame>
  | ServerUnaryCall<EncryptedMessage, EncryptedMessage>;
