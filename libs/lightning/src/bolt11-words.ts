import { bech32 } from '@scure/base';

import { Bolt11Error } from './bolt11-error.js';

/** Big-endian number in 5-bit words, as short as possible unless `length` pads it with zeros on the left. */
export function numberToWords(value: number, length = 1): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new Bolt11Error('a number in it is not a whole one');
  const words: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 32)) words.unshift(rest % 32);
  while (words.length < length) words.unshift(0);
  return words;
}

export function wordsToNumber(words: readonly number[]): number {
  const value = words.reduce((sum, word) => sum * 32 + word, 0);
  if (!Number.isSafeInteger(value)) throw new Bolt11Error('a number in it is too large');
  return value;
}

export function bytesToWords(bytes: Uint8Array): number[] {
  return bech32.toWords(bytes);
}

/** The bytes of a field. Its padding to 5 bits must be zeros and shorter than a word. */
export function wordsToBytes(words: readonly number[]): Uint8Array {
  try {
    return bech32.fromWords([...words]);
  } catch (cause) {
    throw new Bolt11Error('a field is not padded with zeros', cause);
  }
}

/** What is signed: all words as bits, filled up to whole bytes with zeros. */
export function wordsToPaddedBytes(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((words.length * 5) / 8));
  words.forEach((word, index) => {
    const bit = index * 5;
    const at = Math.floor(bit / 8);
    const shifted = word << (11 - (bit % 8));
    bytes[at] = (bytes[at] ?? 0) | (shifted >> 8);
    if (at + 1 < bytes.length) bytes[at + 1] = (bytes[at + 1] ?? 0) | (shifted & 255);
  });
  return bytes;
}
