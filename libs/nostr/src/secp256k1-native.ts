import { randomBytes } from 'node:crypto';
import type { LibraryHandle } from 'koffi';
import type { Secp256k1 } from './secp256k1.js';
import { wasmSecp256k1 } from './secp256k1-wasm.js';

export interface NativeSecp256k1 extends Secp256k1 {
  /** The shared library, as it was found. */
  readonly library: string;
}

/** Releases of libsecp256k1 since 0.2.0, newest first; Debian 12 has `.1` in its package libsecp256k1-1. */
const LIBRARIES = ['libsecp256k1.so.6', 'libsecp256k1.so.5', 'libsecp256k1.so.2', 'libsecp256k1.so.1'];

/**
 * The system's libsecp256k1 through the optional package `koffi`: five times the WebAssembly.
 * @throws Error when either is missing, or the library does not agree with the WebAssembly.
 */
export async function openNativeSecp256k1(path?: string): Promise<NativeSecp256k1> {
  const { load } = await import('koffi');
  const failures: string[] = [];
  for (const library of path === undefined ? LIBRARIES : [path]) {
    try {
      const native = { ...nativeSecp256k1(load(library)), library };
      if (!agrees(native, wasmSecp256k1)) throw new Error(`${library} computes something else`);
      return native;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(failures.join('; '));
}

/** Nothing here may be entered twice at once: the buffers are shared, and every call is synchronous. */
function nativeSecp256k1(library: LibraryHandle): Secp256k1 {
  const { context, ...call } = bind(library);
  const point = new Uint8Array(64);
  const keypair = new Uint8Array(96);
  const compressed = new Uint8Array(33);
  const length = new BigUint64Array(1);

  const withKeypair = <Result>(secret: Uint8Array, use: () => Result): Result => {
    try {
      if (secret.length !== 32 || call.keypairCreate(context, keypair, secret) !== 1)
        throw new RangeError('not a secret key');
      return use();
    } finally {
      keypair.fill(0);
    }
  };

  return {
    name: 'native',
    verify: (signature, message, publicKey) =>
      signature.length === 64 &&
      message.length === 32 &&
      publicKey.length === 32 &&
      call.xOnlyParse(context, point, publicKey) === 1 &&
      call.verify(context, signature, message, 32, point) === 1,
    sign: (message, secret, auxRand) => {
      if (message.length !== 32 || auxRand.length !== 32)
        throw new RangeError('a message and its randomness are 32 bytes');
      const signature = new Uint8Array(64);
      if (withKeypair(secret, () => call.sign(context, signature, message, keypair, auxRand)) !== 1)
        throw new Error('could not sign');
      return signature;
    },
    publicKey: (secret) => {
      const publicKey = new Uint8Array(32);
      withKeypair(secret, () => call.keypairPoint(context, point, null, keypair));
      call.xOnlySerialize(context, publicKey, point);
      return publicKey;
    },
    sharedX: (secret, publicKey) => {
      compressed[0] = 2;
      compressed.set(publicKey, 1);
      if (publicKey.length !== 32 || call.pointParse(context, point, compressed, 33) !== 1)
        throw new RangeError('this public key is not on the curve');
      if (secret.length !== 32 || call.pointMultiply(context, point, secret) !== 1)
        throw new RangeError('not a secret key');
      length[0] = 33n;
      call.pointSerialize(context, compressed, length, point, COMPRESSED);
      return compressed.slice(1);
    },
  };
}

const COMPRESSED = 0x0102;
/** "May sign and verify": what older releases want to be told. */
const CONTEXT_FLAGS = 0x0301;

/** The functions by their C declarations (include/secp256k1.h and its modules extrakeys and schnorrsig). */
function bind(library: LibraryHandle) {
  const bound = (name: string, types: string[]) => library.func(`secp256k1_${name}`, 'int', types) as unknown;
  const p = 'void *';
  const create = library.func('secp256k1_context_create', p, ['uint']) as (flags: number) => Context;
  const context = create(CONTEXT_FLAGS);
  const randomize = bound('context_randomize', [p, p]) as (context: Context, seed: Uint8Array) => number;
  randomize(context, randomBytes(32)); // blinds the secret against side channels
  return {
    context,
    xOnlyParse: bound('xonly_pubkey_parse', [p, p, p]) as Convert,
    xOnlySerialize: bound('xonly_pubkey_serialize', [p, p, p]) as Convert,
    verify: bound('schnorrsig_verify', [p, p, p, 'size_t', p]) as Verify,
    sign: bound('schnorrsig_sign32', [p, p, p, p, p]) as Sign,
    keypairCreate: bound('keypair_create', [p, p, p]) as Convert,
    keypairPoint: bound('keypair_xonly_pub', [p, p, p, p]) as KeypairPoint,
    pointParse: bound('ec_pubkey_parse', [p, p, p, 'size_t']) as PointParse,
    pointMultiply: bound('ec_pubkey_tweak_mul', [p, p, p]) as Convert,
    pointSerialize: bound('ec_pubkey_serialize', [p, p, p, p, 'uint']) as PointSerialize,
  };
}

/** A library of another kind, or with another layout in memory, must not decide about signatures. */
function agrees(one: Secp256k1, other: Secp256k1): boolean {
  const [secret, message, auxRand] = [new Uint8Array(32).fill(7), randomBytes(32), randomBytes(32)];
  const works = (each: Secp256k1): string => {
    const publicKey = each.publicKey(secret);
    const signature = each.sign(message, secret, auxRand);
    const wrong = signature.with(63, (signature[63] ?? 0) ^ 1);
    const verdicts = [each.verify(signature, message, publicKey), each.verify(wrong, message, publicKey)];
    return [publicKey, signature, each.sharedX(secret, publicKey), verdicts].map(String).join(';');
  };
  return works(one) === works(other) && works(one).endsWith('true,false');
}

/** A pointer; only ever handed back. */
type Context = object | bigint;
type Convert = (context: Context, out: Uint8Array, input: Uint8Array) => number;
type Verify = (
  context: Context,
  ...check: [signature: Uint8Array, message: Uint8Array, length: number, publicKey: Uint8Array]
) => number;
type Sign = (
  context: Context,
  ...parts: [out: Uint8Array, message: Uint8Array, keypair: Uint8Array, auxRand: Uint8Array]
) => number;
type KeypairPoint = (context: Context, ...parts: [out: Uint8Array, parity: null, keypair: Uint8Array]) => number;
type PointParse = (context: Context, ...parts: [out: Uint8Array, input: Uint8Array, length: number]) => number;
type PointSerialize = (
  context: Context,
  ...parts: [out: Uint8Array, length: BigUint64Array, point: Uint8Array, flags: number]
) => number;
