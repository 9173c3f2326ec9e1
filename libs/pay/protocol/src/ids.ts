import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { z } from 'zod';

/** The client's own name for a request, echoed in every Output, and with the key's name the key of idempotency. */
export const requestIdSchema = z.string().min(1).max(200);

/** A wallet's id, or a label: what names no id is tried as a label. */
export const walletRefSchema = z.string().max(200);

/** Ids of wallets are opaque; ours are `w_` and eight hex digits. */
export const walletIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'not a wallet id');

const HEX_DIGITS = { w_: 8, tx_: 16, r_: 8, req_: 32 } as const;

/** `w_` wallet, `tx_` transaction of ours, `r_` spend rule, `req_` request, each with random hex digits. */
export type NewPayId = (prefix: keyof typeof HEX_DIGITS) => string;

export function payIdMaker(randomBytes: (size: number) => Uint8Array = nodeRandomBytes): NewPayId {
  return (prefix) => prefix + Buffer.from(randomBytes(HEX_DIGITS[prefix] / 2)).toString('hex');
}
