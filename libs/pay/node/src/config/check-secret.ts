import { PayError } from '@caravel/pay-protocol';

/**
 * A secret of the RPC envelope as it was given: at least 32 bytes and not one character over and over, as afpay 0.7 wants it.
 * Throws a PayError `invalid_config` that names its key.
 */
export function checkSecret(secret: string, where: string): string {
  if (isWeakSecret(secret)) {
    throw new PayError('invalid_config', `${where}: a secret has at least 32 bytes and is not one repeated character`, {
      hint: 'openssl rand -hex 32',
    });
  }
  return secret;
}

export const isWeakSecret = (secret: string): boolean =>
  Buffer.byteLength(secret.trim()) < MIN_BYTES || new Set(secret.trim()).size < 2;

const MIN_BYTES = 32;
