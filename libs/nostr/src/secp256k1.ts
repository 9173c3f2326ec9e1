import { wasmSecp256k1 } from './secp256k1-wasm.js';

/** What Nostr needs of the curve. Keys are 32 bytes: secrets are valid scalars, public keys the x of a point with even y (BIP-340). */
export interface Secp256k1 {
  /** Whose code does it, for metrics, logs and benchmarks. */
  readonly name: 'wasm' | 'native';
  /** BIP-340 over a message of 32 bytes. Never throws: false for whatever does not verify, also for a key that is no point. */
  readonly verify: (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;
  /** BIP-340 over a message of 32 bytes, with 32 bytes of fresh randomness. */
  readonly sign: (message: Uint8Array, secret: Uint8Array, auxRand: Uint8Array) => Uint8Array;
  readonly publicKey: (secret: Uint8Array) => Uint8Array;
  /** The x of secret × point, unhashed (NIP-04, NIP-44). @throws Error when `publicKey` is no point. */
  readonly sharedX: (secret: Uint8Array, publicKey: Uint8Array) => Uint8Array;
}

let chosen: Secp256k1 = wasmSecp256k1;

/** The implementation of this process. */
export function secp256k1(): Secp256k1 {
  return chosen;
}

/** For the whole process, and once, at its start; only `chooseSignatures` and tests do. */
export function useSecp256k1(implementation: Secp256k1): void {
  chosen = implementation;
}
