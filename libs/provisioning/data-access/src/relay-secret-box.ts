import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes as nodeRandomBytes } from 'node:crypto';
import { AppError } from '@caravel/domain';
import type { Id } from '@caravel/domain';

/**
 * Relay secrets at rest: AES-256-GCM under HKDF-SHA256(`ZOOID_SECRET`, "relay-secret"); the additional data is the key
 * version and the relay's id, so that a row can't be moved to another relay. Text: base64 of version (1 byte), nonce (12),
 * tag (16), ciphertext.
 */
export function relaySecretBox(
  zooidSecret: string,
  { randomBytes = nodeRandomBytes }: { randomBytes?: (size: number) => Uint8Array } = {},
): RelaySecretBox {
  const key = derive(zooidSecret, 'relay-secret');
  const fingerprintKey = derive(zooidSecret, 'config-fingerprint');

  return {
    seal: (relayId, secret) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(relayId));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(KEY_VERSION), nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    open: (relayId, box) => {
      const bytes = Buffer.from(box, 'base64');
      const [nonce, tag] = [bytes.subarray(1, TAG_AT), bytes.subarray(TAG_AT, SEALED_AT)];
      if (bytes.length <= SEALED_AT || bytes[0] !== KEY_VERSION) throw new RelaySecretError();
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(bound(relayId)).setAuthTag(tag);
        return Buffer.concat([decipher.update(bytes.subarray(SEALED_AT)), decipher.final()]).toString('utf8');
      } catch {
        throw new RelaySecretError();
      }
    },
    fingerprint: (text) => createHmac('sha256', fingerprintKey).update(text).digest('base64url'),
  };
}

/** The row was sealed under another `ZOOID_SECRET`, or altered. No new secret is made: it would be another relay. */
export class RelaySecretError extends AppError {
  constructor() {
    super('internal', "The relay's key can't be opened. The operator has to look at this.");
  }
}

const KEY_VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const TAG_AT = 1 + NONCE_BYTES;
const SEALED_AT = TAG_AT + TAG_BYTES;

const derive = (secret: string, info: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, '', info, 32));

const bound = (relayId: Id): Uint8Array => Buffer.concat([Buffer.of(KEY_VERSION), Buffer.from(relayId, 'utf8')]);

export interface RelaySecretBox {
  seal: (relayId: Id, secret: string) => string;
  /** @throws RelaySecretError */
  open: (relayId: Id, box: string) => string;
  /** A keyed hash: tells whether a secret has changed without keeping it. */
  fingerprint: (text: string) => string;
}
