import type { EncryptedMessage } from '../messages.js';
import { MAX_REQUEST_BYTES } from '../service.js';
import { keyV1, openV1, sealV1 } from '../v1/envelope-v1.js';
import type { NamedSecret } from './epochs.js';
import type { FailedCalls } from './failed-calls.js';
import { Refusal, status } from './refusal.js';

/** A request that one of the secrets opened, and how its answer is sealed: with the same key, in kind. */
export interface AcceptedV1 {
  keyName: string;
  body: Uint8Array;
  seal: (json: Uint8Array) => EncryptedMessage;
}

/** Throws a Refusal. Whether the nonce was used before is for the store to say, with the request. */
export function acceptV1(
  request: EncryptedMessage,
  { secrets, failures, address }: { secrets: readonly NamedSecret[]; failures: FailedCalls; address: string },
): AcceptedV1 {
  if (failures.isShutOut(address)) throw new Refusal(status.RESOURCE_EXHAUSTED, 'too many failed calls');
  for (const { keyName, secret } of secrets) {
    const key = keyV1(secret);
    const opened = tryOpen(key, request);
    if (!opened) continue;
    return {
      keyName,
      body: opened.text,
      seal: (json) => sealV1(key, json, { isPlain: opened.isPlain }),
    };
  }
  failures.note(address);
  throw new Refusal(status.UNAUTHENTICATED, 'decryption failed');
}

function tryOpen(key: Uint8Array, request: EncryptedMessage) {
  try {
    return openV1(key, request, MAX_REQUEST_BYTES);
  } catch {
    return undefined;
  }
}
