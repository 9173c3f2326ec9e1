import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { bech32 } from '@scure/base';

import type { Bolt11Network } from './bolt11.js';
import { formatPrefix } from './bolt11-amount.js';
import { Bolt11Error } from './bolt11-error.js';
import { featuresToWords } from './bolt11-features.js';
import { FIELD, writeField } from './bolt11-fields.js';
import { signInvoice } from './bolt11-signature.js';
import { bytesToWords, numberToWords } from './bolt11-words.js';

const TIMESTAMP_WORDS = 7;
const DEFAULT_FEATURES = [8, 14] as const;

/**
 * Writes and signs an invoice (BOLT 11), lower case. The same input gives the same text. Throws `Bolt11Error` when
 * something can't be written: an amount of 0, a description over 639 bytes, a hash that is not 64 hex digits.
 */
export function encodeBolt11(invoice: Bolt11Input): string {
  const prefix = formatPrefix(invoice.network, invoice.amountMsats);
  const words = [
    ...numberToWords(invoice.timestampS, TIMESTAMP_WORDS),
    ...writeField(FIELD.p, hashWords(invoice.paymentHash)),
    ...writeField(FIELD.s, hashWords(invoice.paymentSecret)),
    ...writeDescription(invoice),
    ...writeField(FIELD.x, numberToWords(invoice.expiryS ?? 3600)),
    ...writeField(FIELD.c, numberToWords(invoice.minFinalCltvExpiryDelta ?? 18)),
    ...writeField(FIELD.features, featuresToWords(invoice.features ?? DEFAULT_FEATURES)),
  ];
  const signature = signInvoice(prefix, words, toBytes32(invoice.secretKey));
  return bech32.encode(prefix, [...words, ...bytesToWords(signature)], false);
}

function writeDescription(invoice: Bolt11Input): number[] {
  return invoice.descriptionHash === undefined
    ? writeField(FIELD.d, bytesToWords(utf8ToBytes(invoice.description)))
    : writeField(FIELD.h, hashWords(invoice.descriptionHash));
}

const hashWords = (hex: string): number[] => bytesToWords(toBytes32(hex));

function toBytes32(hex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new Bolt11Error('a hash or key is not 64 hex digits');
  return hexToBytes(hex);
}

/** Times in unix seconds, hashes and keys as 64 hex digits. `secretKey` is the payee's node secret. */
export type Bolt11Input = {
  network: Bolt11Network;
  amountMsats: bigint | null;
  timestampS: number;
  expiryS?: number;
  paymentHash: string;
  paymentSecret: string;
  minFinalCltvExpiryDelta?: number;
  features?: readonly number[];
  secretKey: string;
} & ({ description: string; descriptionHash?: never } | { description?: never; descriptionHash: string });
