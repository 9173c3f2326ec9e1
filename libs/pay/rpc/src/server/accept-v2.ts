import type { SealedRequest } from '../messages.js';
import { openRequest } from '../v2/envelope-v2.js';
import type { MethodV2 } from '../v2/envelope-v2.js';
import type { Epochs } from './epochs.js';
import type { FailedCalls } from './failed-calls.js';
import { Refusal, status } from './refusal.js';

/** A request that was authenticated, that is new and in time. */
export interface AcceptedV2 {
  keyName: string;
  responseKey: Uint8Array;
  body: Uint8Array;
}

/**
 * The checks of `pay-rpc-v2.md`, in its order. Throws a Refusal; nothing is executed then, and nothing sealed. The set of nonces
 * lives as long as its epoch: the time only bounds how long a request can be held back, it proves nothing.
 */
export function acceptV2(
  request: SealedRequest,
  method: MethodV2,
  { epochs, failures, address, nowMs }: AcceptDeps,
): AcceptedV2 {
  if (failures.isShutOut(address)) throw new Refusal(status.RESOURCE_EXHAUSTED, 'too many failed calls');
  const { keyId, epoch: epochId, nonce, ciphertext } = request;
  if (keyId.length !== 8 || epochId.length !== 16 || nonce.length !== 12 || ciphertext.length < 24) {
    throw new Refusal(status.INVALID_ARGUMENT, 'lengths');
  }
  const epoch = epochs.find(epochId);
  if (!epoch) throw new Refusal(status.FAILED_PRECONDITION, 'epoch');
  const known = epoch.keys.get(Buffer.from(keyId).toString('hex'));
  const opened = known && tryOpen(known.keys.request, { method, nonce, ciphertext });
  if (!opened) {
    failures.note(address);
    throw new Refusal(status.UNAUTHENTICATED, 'key');
  }
  if (!epochs.accept(epoch, nonce)) throw new Refusal(status.ALREADY_EXISTS, 'replayed');
  // After the nonce is kept: a request that is refused for its time can't be kept for later.
  if (Math.abs(opened.sentAtMs - nowMs()) > MAX_SKEW_MS) throw new Refusal(status.OUT_OF_RANGE, 'clock');
  return { keyName: known.keyName, responseKey: known.keys.response, body: opened.body };
}

function tryOpen(key: Uint8Array, sealed: Parameters<typeof openRequest>[1]) {
  try {
    return openRequest(key, sealed);
  } catch {
    return undefined;
  }
}

const MAX_SKEW_MS = 120_000;

interface AcceptDeps {
  epochs: Epochs;
  failures: FailedCalls;
  /** Of the peer, without its port. */
  address: string;
  nowMs: () => number;
}
