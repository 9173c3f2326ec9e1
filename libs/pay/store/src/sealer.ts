import { createCipheriv, createDecipheriv, randomBytes as nodeRandomBytes } from 'node:crypto';
import { PayError } from '@caravel/pay-protocol';

/** Where a sealed value is kept. It is part of what is sealed, so a value moved to another row opens nowhere. */
export interface SealedPlace {
  table: string;
  column: string;
  primaryKey: string;
}

export interface Sealer {
  seal: (text: string, place: SealedPlace) => Uint8Array;
  /** Throws a PayError `internal_error` for another key, another place, or changed bytes. */
  open: (sealed: Uint8Array, place: SealedPlace) => string;
}

/**
 * AES-256-GCM (NIST SP 800-38D) with 12 random bytes as nonce: key id (1) ‖ nonce (12) ‖ ciphertext ‖ tag (16). The associated
 * data are table ‖ 0 ‖ column ‖ 0 ‖ primary key.
 */
export function sealer(masterKey: Uint8Array, randomBytes: (size: number) => Uint8Array = nodeRandomBytes): Sealer {
  if (masterKey.length !== 32) throw new PayError('invalid_config', 'the master key is not 32 bytes long');
  return {
    seal: (text, place) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_BYTES }).setAAD(aadOf(place));
      const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(KEY_ID), nonce, ciphertext, cipher.getAuthTag()]);
    },
    open: (sealed, place) => {
      const bytes = Buffer.from(sealed);
      if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== KEY_ID) throw notOurs();
      const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
      const decipher = createDecipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_BYTES })
        .setAAD(aadOf(place))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const ciphertext = bytes.subarray(1 + NONCE_BYTES, -TAG_BYTES);
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw notOurs(cause);
      }
    },
  };
}

const aadOf = ({ table, column, primaryKey }: SealedPlace): Buffer =>
  Buffer.from([table, column, primaryKey].join('\0'));

const notOurs = (cause?: unknown): PayError =>
  new PayError('internal_error', 'a stored secret does not open with this master key', {
    hint: 'Is AFPAY_MASTER_KEY or AFPAY_MASTER_KEY_FILE that of this store?',
    cause,
  });

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The one key there is; another number when keys can be changed. */
const KEY_ID = 1;
