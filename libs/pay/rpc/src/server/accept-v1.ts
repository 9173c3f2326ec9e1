import type { EncryptedMessage } from '../messages.js';
import { MAX_REQUEST_BYTES } from '../service.js';
import { openV1, sealV1 } from '../v1/envelope-v1.js';
import type { FailedCalls } from './failed-calls.js';
import { Refusal, status } from './refusal.js';

/** The key of a secret, derived once: junk must not cost a derivation for each secret. */
export interface NamedKey {
  keyName: string;
  key: Uint8Array;
}

/** A request that one of the secrets opened, and how its answer is sealed: with the same key, in kind. */
export interface AcceptedV1 {
  keyName: string;
  body: Uint8Array;
  seal: (json: Uint8Array) => EncryptedMessage;
}

/** Throws a Refusal. Whether the nonce was used before is for the store to say, with the request. */
export function acceptV1(
  request: EncryptedMessage,
  { keys, failures, address }: { keys: readonly NamedKey[]; failures: FailedCalls; address: string },
): AcceptedV1 {
  if (failures.isShutOut(address)) throw new Refusal(status.RESOURCE_EXHAUSTED, 'too many failed calls');
  for (const { keyName, key } of keys) {
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
