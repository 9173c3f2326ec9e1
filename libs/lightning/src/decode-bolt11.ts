import { bytesToHex } from '@noble/hashes/utils.js';
import { bech32 } from '@scure/base';

import type { Bolt11 } from './bolt11.js';
import { parsePrefix } from './bolt11-amount.js';
import { Bolt11Error } from './bolt11-error.js';
import { wordsToFeatures } from './bolt11-features.js';
import { FIELD, readFields } from './bolt11-fields.js';
import { checkPayee, recoverPayee, SIGNATURE_WORDS } from './bolt11-signature.js';
import { wordsToBytes, wordsToNumber } from './bolt11-words.js';

const TIMESTAMP_WORDS = 7;
const DEFAULT_EXPIRY_S = 3600;
const DEFAULT_CLTV = 18;
/** More than any wallet makes; bounds the work on hostile text. */
const MAX_TEXT_LENGTH = 8192;

/**
 * Reads an invoice (BOLT 11), upper or lower case, without `lightning:` before it. Throws `Bolt11Error` for everything a
 * payer must refuse: checksum, amount, missing or doubled fields, unknown required features, signature. Whether it has
 * expired is for the caller, who has the clock.
 */
export function decodeBolt11(text: string): Bolt11 {
  const { prefix, words } = splitBech32(text);
  const body = words.slice(0, -SIGNATURE_WORDS);
  const signature = wordsToBytes(words.slice(-SIGNATURE_WORDS));
  const timestampS = wordsToNumber(body.slice(0, TIMESTAMP_WORDS));
  const fields = readFields(body.slice(TIMESTAMP_WORDS));
  const expiry = fields.get(FIELD.x);
  const expiryS = expiry ? wordsToNumber(expiry) : DEFAULT_EXPIRY_S;
  const cltv = fields.get(FIELD.c);
  const payee = fields.get(FIELD.n);
  return {
    ...parsePrefix(prefix),
    timestampS,
    expiryS,
    expiresAtS: timestampS + expiryS,
    paymentHash: requiredHash(fields, FIELD.p, 'payment hash'),
    paymentSecret: requiredHash(fields, FIELD.s, 'payment secret'),
    ...readDescription(fields),
    minFinalCltvExpiryDelta: cltv ? wordsToNumber(cltv) : DEFAULT_CLTV,
    features: wordsToFeatures(fields.get(FIELD.features) ?? []),
    payee: payee
      ? checkPayee({ prefix, words: body, signature }, wordsToBytes(payee))
      : recoverPayee(prefix, body, signature),
  };
}

function splitBech32(text: string): { prefix: string; words: number[] } {
  if (text.length > MAX_TEXT_LENGTH) throw new Bolt11Error('it is too long');
  const decoded = bech32.decodeUnsafe(text, MAX_TEXT_LENGTH);
  if (!decoded) throw new Bolt11Error('the text is damaged (bech32 checksum or characters)');
  if (decoded.words.length < TIMESTAMP_WORDS + SIGNATURE_WORDS) throw new Bolt11Error('it is too short');
  return decoded;
}

function requiredHash(fields: Fields, type: number, name: string): string {
  const words = fields.get(type);
  if (!words) throw new Bolt11Error(`it has no ${name}`);
  return bytesToHex(wordsToBytes(words));
}

function readDescription(fields: Fields): Pick<Bolt11, 'description' | 'descriptionHash'> {
  const text = fields.get(FIELD.d);
  const hash = fields.get(FIELD.h);
  if (text && hash) throw new Bolt11Error('it has both a description and the hash of one');
  if (hash) return { description: null, descriptionHash: bytesToHex(wordsToBytes(hash)) };
  if (!text) throw new Bolt11Error('it has no description');
  return { description: decodeUtf8(wordsToBytes(text)), descriptionHash: null };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Bolt11Error('the description is not UTF-8', cause);
  }
}

type Fields = ReadonlyMap<number, readonly number[]>;
