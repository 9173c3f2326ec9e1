import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { encodeOutput, encodeOutputs } from '@caravel/pay-protocol';
import type { HelloReply, SealedFrame, SealedRequest } from '../messages.js';
import { METHOD_V2, sealFrame } from '../v2/envelope-v2.js';
import type { FramePlace, MethodV2 } from '../v2/envelope-v2.js';
import { acceptV2 } from './accept-v2.js';
import type { AcceptedV2 } from './accept-v2.js';
import type { Epochs } from './epochs.js';
import type { FailedCalls } from './failed-calls.js';
import { addressOf, bounded, collect, whileAdmitted } from './run-call.js';
import type { Doorkeeping } from './run-call.js';

/** Hello, Call2 and Watch2. At most one final frame is ever sealed for a request. */
export function serveV2({ epochs, failures, nodeId, handle, admit, nowMs }: ServeV2Deps) {
  const accept = (call: Call, method: MethodV2): AcceptedV2 =>
    acceptV2(call.request, method, { epochs, failures, nowMs, address: addressOf(call) });
  const frame = ({ responseKey }: AcceptedV2, place: FramePlace, body: Buffer): SealedFrame =>
    sealFrame(responseKey, { ...place, sentAtMs: nowMs(), epoch: epochs.current().id, body });

  return {
    hello: (): HelloReply => ({ nodeId, epoch: epochs.current().id }),

    call2: async (call: ServerUnaryCall<SealedRequest, SealedFrame>): Promise<SealedFrame> => {
      const method = METHOD_V2.Call2;
      const accepted = accept(call, method);
      return whileAdmitted(admit, { call, accepted, protocol: 'v2' }, async (rpcCall) => {
        const outputs = await collect(handle(rpcCall));
        const place = { method, requestNonce: call.request.nonce, index: 0, final: true };
        return frame(accepted, place, bounded(encodeOutputs(outputs), outputs));
      });
    },

    watch2: async (call: ServerWritableStream<SealedRequest, SealedFrame>): Promise<void> => {
      const method = METHOD_V2.Watch2;
      const accepted = accept(call, method);
      await whileAdmitted(admit, { call, accepted, protocol: 'v2' }, async (rpcCall) => {
        let index = 0;
        for await (const { output, isLast: final } of handle(rpcCall)) {
          const place = { method, requestNonce: call.request.nonce, index, final };
          call.write(frame(accepted, place, bounded(`[${encodeOutput(output)}]`, [output])));
          index += 1;
          if (final) break;
        }
        call.end();
      });
    },
  };
}

type Call = ServerUnaryCall<SealedRequest, SealedFrame> | ServerWritableStream<SealedRequest, SealedFrame>;

interface ServeV2Deps extends Doorkeeping {
  epochs: Epochs;
  failures: FailedCalls;
  nodeId: Uint8Array;
}
