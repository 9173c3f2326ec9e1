import { isPointCompressed, pointMultiply, signSchnorr, verifySchnorr, xOnlyPointFromScalar } from 'tiny-secp256k1';
import type { Secp256k1 } from './secp256k1.js';

/** libsecp256k1 as WebAssembly, inside the package and, by tools/bundle.mjs, inside every bundle: there is nothing to install. */
export const wasmSecp256k1: Secp256k1 = {
  name: 'wasm',
  verify: (signature, message, publicKey) => {
    try {
      return onCurve(publicKey, () => verifySchnorr(message, publicKey, signature));
    } catch {
      return false;
    }
  },
  sign: (message, secret, auxRand) => signSchnorr(message, secret, auxRand),
  publicKey: (secret) => xOnlyPointFromScalar(secret),
  sharedX: (secret, publicKey) => {
    const product = onCurve(publicKey, () => pointMultiply(evenPoint(publicKey), secret, true));
    if (!product) throw notOnCurve();
    return product.subarray(1);
  },
};

/**
 * A key off the curve makes the module throw through its own frames, and each time a bit of its stack is lost for good: the
 * 3,400th such key would break it for the whole process. So a few are let through, and after them every key is looked at
 * first, which makes a verification a tenth slower.
 */
let throwsLeft = 200;

function onCurve<Result>(publicKey: Uint8Array, run: () => Result): Result {
  if (throwsLeft === 0 && !isPointCompressed(evenPoint(publicKey))) throw notOnCurve();
  try {
    return run();
  } catch (error) {
    throwsLeft = Math.max(0, throwsLeft - 1);
    throw error;
  }
}

function evenPoint(publicKey: Uint8Array): Uint8Array {
  const point = new Uint8Array(1 + publicKey.length);
  point[0] = 2;
  point.set(publicKey, 1);
  return point;
}

const notOnCurve = () => new RangeError('this public key is not on the curve');
