import { AppError } from '@caravel/domain';
import { z } from 'zod';
import { useSecp256k1 } from './secp256k1.js';
import { openNativeSecp256k1 } from './secp256k1-native.js';
import { wasmSecp256k1 } from './secp256k1-wasm.js';

/** Variables of every service that signs or verifies. */
export const signatureFields = {
  /** `auto` takes the system's libsecp256k1 where it is installed, and else the WebAssembly that is always there. */
  SIGNATURES: z.enum(['auto', 'wasm', 'native'], { error: 'auto, wasm or native' }).default('auto'),
  /** The shared library, where it is not found by its name. */
  SECP256K1_LIBRARY: z.string({ error: 'a path' }).optional(),
};

/**
 * Decides once, at the start of a process, whose code verifies and signs; says so in the log and in the metric
 * `caravel_signature_verifier_info`.
 * @throws AppError when `native` was asked for and is not there, naming what to install.
 */
export async function chooseSignatures(config: SignatureConfig, { log, metrics }: Tell): Promise<void> {
  const native = config.SIGNATURES === 'wasm' ? undefined : await openNative(config);
  useSecp256k1(native ?? wasmSecp256k1);
  const { name: verifier } = native ?? wasmSecp256k1;
  metrics.count('caravel_signature_verifier_info', { verifier });
  log.info({ verifier, ...(native && { library: native.library }) }, 'signatures');
}

async function openNative({ SIGNATURES, SECP256K1_LIBRARY: path }: SignatureConfig) {
  try {
    return await openNativeSecp256k1(path);
  } catch (cause) {
    // A path was meant to be used, too.
    if (SIGNATURES === 'auto' && path === undefined) return undefined;
    throw new AppError('internal', `SIGNATURES=${SIGNATURES}: ${NEEDED} (${reasonOf(cause)})`, { cause });
  }
}

const NEEDED =
  'needs libsecp256k1 0.2.0 or newer (Debian: apt-get install libsecp256k1-1), or SECP256K1_LIBRARY with its path, and the npm package koffi beside the program';

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message.split('\n')[0] : undefined) ?? 'unknown';

export type SignatureConfig = z.output<z.ZodObject<typeof signatureFields>>;

interface Tell {
  log: { info: (fields: object, text: string) => void };
  metrics: { count: (name: string, labels: Readonly<Record<string, string>>) => void };
}
