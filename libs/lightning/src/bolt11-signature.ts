import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { isPointCompressed, pointFromScalar, recover, signRecoverable, verify } from 'tiny-secp256k1';
import type { RecoveryIdType } from 'tiny-secp256k1';

import { Bolt11Error } from './bolt11-error.js';
import { wordsToPaddedBytes } from './bolt11-words.js';

/** r, s and the recovery number: 65 bytes, 104 words. */
export const SIGNATURE_WORDS = 104;

const COMPACT_BYTES = 64;
const IS_STRICT = true;

/** Deterministic (RFC 6979) and low-S. `secretKey` is 32 bytes. */
export function signInvoice(prefix: string, words: readonly number[], secretKey: Uint8Array): Uint8Array {
  const { signature, recoveryId } = signRecoverable(hashInvoice(prefix, words), secretKey);
  return concatBytes(signature, Uint8Array.of(recoveryId));
}

/** The node key recovered from the signature. Both halves of S are allowed here, as BOLT 11 demands. */
export function recoverPayee(prefix: string, words: readonly number[], signature: Uint8Array): string {
  const payee = orNull(() =>
    recover(hashInvoice(prefix, words), signature.subarray(0, COMPACT_BYTES), recoveryId(signature), true),
  );
  if (!payee) throw new Bolt11Error('the signature is not recoverable');
  return bytesToHex(payee);
}

/** Checks against a named key; here high S is refused, as BOLT 11 demands. */
export function checkPayee({ prefix, words, signature }: SignedWords, payee: Uint8Array): string {
  const compact = signature.subarray(0, COMPACT_BYTES);
  // Looked at first: a key off the curve makes the module throw through its own frames, and lose a bit of its stack for good.
  const isRight =
    isPointCompressed(payee) && orNull(() => verify(hashInvoice(prefix, words), payee, compact, IS_STRICT));
  if (!isRight) {
    throw new Bolt11Error('the signature is not of the named payee');
  }
  return bytesToHex(payee);
}

/** The key a node is known by, from its secret (64 hex digits): 66 hex digits. */
export function nodeKey(secretKey: string): string {
  const key = pointFromScalar(hexToBytes(secretKey), true);
  if (!key) throw new Bolt11Error('the secret is no key');
  return bytesToHex(key);
}

function recoveryId(signature: Uint8Array): RecoveryIdType {
  const id = signature[COMPACT_BYTES];
  if (id === 0 || id === 1 || id === 2 || id === 3) return id;
  throw new Bolt11Error('the signature is not recoverable');
}

function hashInvoice(prefix: string, words: readonly number[]): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(prefix), wordsToPaddedBytes(words)));
}

/** The library throws for what is off the curve or out of range. */
function orNull<Result>(attempt: () => Result): Result | null {
  try {
    return attempt();
  } catch {
    return null;
  }
}

interface SignedWords {
  prefix: string;
  words: readonly number[];
  signature: Uint8Array;
}
