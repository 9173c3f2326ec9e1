import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

import { Bolt11Error } from './bolt11-error.js';
import { wordsToPaddedBytes } from './bolt11-words.js';

/** r, s and the recovery number: 65 bytes, 104 words. */
export const SIGNATURE_WORDS = 104;

/** Deterministic (RFC 6979) and low-S. `secretKey` is 32 bytes. */
export function signInvoice(prefix: string, words: readonly number[], secretKey: Uint8Array): Uint8Array {
  const signed = secp256k1.sign(hashInvoice(prefix, words), secretKey, { prehash: false, format: 'recovered' });
  return concatBytes(signed.subarray(1), signed.subarray(0, 1)); // noble puts the recovery number first
}

/** The node key recovered from the signature. Both halves of S are allowed here, as BOLT 11 demands. */
export function recoverPayee(prefix: string, words: readonly number[], signature: Uint8Array): string {
  try {
    const parsed = secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact');
    const point = parsed.addRecoveryBit(signature[64] ?? 0).recoverPublicKey(hashInvoice(prefix, words));
    return point.toHex(true);
  } catch (cause) {
    throw new Bolt11Error('the signature is not recoverable', cause);
  }
}

/** Checks against a named key; here high S is refused, as BOLT 11 demands. */
export function checkPayee(signed: SignedWords, payee: Uint8Array): string {
  const { prefix, words, signature } = signed;
  const options = { prehash: false, lowS: true };
  if (!isValid(() => secp256k1.verify(signature.subarray(0, 64), hashInvoice(prefix, words), payee, options))) {
    throw new Bolt11Error('the signature is not of the named payee');
  }
  return bytesToHex(payee);
}

/** The key a node is known by, from its secret (64 hex digits): 66 hex digits. */
export function nodeKey(secretKey: string): string {
  return bytesToHex(secp256k1.getPublicKey(hexToBytes(secretKey), true));
}

function hashInvoice(prefix: string, words: readonly number[]): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(prefix), wordsToPaddedBytes(words)));
}

function isValid(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false; // a key or signature off the curve
  }
}

interface SignedWords {
  prefix: string;
  words: readonly number[];
  signature: Uint8Array;
}
