import type { ServerUnaryCall } from '@grpc/grpc-js';
import { encodeOutputs } from '@caravel/pay-protocol';
import type { EncryptedMessage } from '../messages.js';
import { keyV1 } from '../v1/envelope-v1.js';
import { acceptV1 } from './accept-v1.js';
import type { NamedSecret } from './epochs.js';
import type { FailedCalls } from './failed-calls.js';
import { Refusal, status } from './refusal.js';
import { addressOf, bounded, collect, whileAdmitted } from './run-call.js';
import type { Doorkeeping } from './run-call.js';

/** `Call`, as the original has it. Off, it answers like a method that does not exist, before any cryptography. */
export function serveV1({ secrets, failures, isOn, handle, admit }: ServeV1Deps) {
  const keys = secrets.map(({ keyName, secret }) => ({ keyName, key: keyV1(secret) }));
  return async (call: ServerUnaryCall<EncryptedMessage, EncryptedMessage>): Promise<EncryptedMessage> => {
    if (!isOn) throw new Refusal(status.UNIMPLEMENTED, 'protocol v1 is off');
    const accepted = acceptV1(call.request, { keys, failures, address: addressOf(call) });
    return whileAdmitted(admit, { call, accepted, protocol: 'v1' }, async (rpcCall) => {
      const outputs = await collect(handle(rpcCall));
      return accepted.seal(bounded(encodeOutputs(outputs, 'afpay-0.7'), outputs));
    });
  };
}

interface ServeV1Deps extends Doorkeeping {
  secrets: readonly NamedSecret[];
  failures: FailedCalls;
  /** `[rpc] accept_v1`. */
  isOn: boolean;
}
