import { status } from '@grpc/grpc-js';
import type { Client } from '@grpc/grpc-js';
import { stringifyJson } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import type { SealedFrame, SealedRequest } from '../messages.js';
import { openFrame, sealRequest } from '../v2/envelope-v2.js';
import type { FramePlace, MethodV2 } from '../v2/envelope-v2.js';
import { answerOf } from './answer-of.js';
import { isStatus, RpcError, unreadable } from './rpc-error.js';
import { openSession } from './rpc-session.js';
import type { RpcSession } from './rpc-session.js';

/** Calls of envelope v2 on one channel: sealed for whichever node and epoch answers there, opened when it is that one. */
export function sealedCalls(channel: Client, { secret, pinned, nowMs }: SealedCallsOptions) {
  let session: RpcSession | undefined;
  let proven: Uint8Array | undefined;

  const sessionOf = async ({ deadline, nodeId, attempt }: Begin): Promise<RpcSession> => {
    const isOther = (on: RpcSession) => nodeId !== undefined && Buffer.compare(nodeId, on.nodeId) !== 0;
    const open = () => openSession(channel, { secret, pinned, deadline });
    session ??= await open();
    // Kept from before: the one that is meant may be there again.
    if (isOther(session)) session = await open();
    // What was answered before could have been said by anybody on the way.
    if (isOther(session)) throw new RpcError('unavailable', 'another node answers there', { isSent: attempt > 0 });
    return session;
  };

  return {
    begin: async (method: MethodV2, input: Input, how: Begin) => {
      const on = await sessionOf(how);
      const nonce = on.newNonce();
      const body = Buffer.from(stringifyJson(input));
      const ciphertext = sealRequest(on.keys.request, { method, nonce, sentAtMs: nowMs(), body });
      const request: SealedRequest = { keyId: on.keys.keyId, epoch: on.epoch, nonce, ciphertext };
      const read = (frame: SealedFrame, index: number, final = frame.final): Output[] => {
        if (frame.index !== index || frame.final !== final) throw unreadable('a frame came out of its order');
        const opened = opening(on.keys.response, { method, requestNonce: nonce, index, final }, frame);
        session = on.movedTo(opened.epoch);
        proven = on.nodeId;
        return answerOf(opened.body, input);
      };
      return { request, read };
    },

    /** A node that was started again, or has turned its keys twice, is asked once more who it is; nothing was executed. */
    isStale: (error: unknown, attempt: number): boolean => {
      if (attempt > 0 || !isStatus(error, status.FAILED_PRECONDITION)) return false;
      session = undefined;
      proven = undefined;
      return true;
    },

    /** Who answered last; what Hello says is only a word. */
    proven: () => proven,
  };
}

function opening(key: Uint8Array, place: FramePlace, frame: SealedFrame) {
  try {
    return openFrame(key, place, frame);
  } catch (cause) {
    throw unreadable('the answer was not sealed for this request', cause);
  }
}

interface Begin {
  deadline: Date;
  nodeId: Uint8Array | undefined;
  /** 0, then 1 after a stale session. */
  attempt: number;
}

interface SealedCallsOptions {
  secret: string;
  pinned: Uint8Array | undefined;
  nowMs: () => number;
}
