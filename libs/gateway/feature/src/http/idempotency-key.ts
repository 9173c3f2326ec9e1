import { AppError } from '@caravel/domain';

/** Visible ASCII. */
const KEY = /^[\x21-\x7e]{1,128}$/;

/**
 * The caller's own name for a command (`Idempotency-Key`), undefined when there is none. Throws `invalid-request`.
 * After draft-ietf-httpapi-idempotency-key-header, but any visible ASCII is a key, quotes included.
 */
export function checkIdempotencyKey(key: string | undefined): string | undefined {
  if (key === undefined || KEY.test(key)) return key;
  throw new AppError('invalid-request', 'Idempotency-Key: must be 1 to 128 visible ASCII characters.', {
    details: [{ path: 'Idempotency-Key', message: 'must be 1 to 128 visible ASCII characters' }],
  });
}
