import { randomFillSync } from 'node:crypto';

const NONCE_BYTES = 12;
const pool = Buffer.alloc(NONCE_BYTES * 256);
let used = pool.length;

/** 12 random bytes for one message. They are drawn for many at once: asking for so few takes longer than sealing with them. */
export function newNonce(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += NONCE_BYTES;
  return Buffer.from(pool.subarray(used - NONCE_BYTES, used));
}
