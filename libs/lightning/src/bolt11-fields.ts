import { Bolt11Error } from './bolt11-error.js';
import { wordsToNumber } from './bolt11-words.js';

/** The 5-bit types of tagged fields, named by the letter each has in bech32. */
export const FIELD = { p: 1, s: 16, d: 13, n: 19, h: 23, x: 6, c: 24, features: 5 } as const;

/** Fields of fixed length; one of another length is from another version of the protocol and is skipped. */
const WORDS_OF = new Map<number, number>([
  [FIELD.p, 52],
  [FIELD.s, 52],
  [FIELD.h, 52],
  [FIELD.n, 53],
]);
const HEADER_WORDS = 3;
const MAX_DATA_WORDS = 1023;

/** Type, length in two words, data. */
export function writeField(type: number, data: readonly number[]): number[] {
  if (data.length > MAX_DATA_WORDS) throw new Bolt11Error('a field is longer than 639 bytes');
  return [type, data.length >> 5, data.length & 31, ...data];
}

/**
 * The fields by type; of a repeated field the first counts, except that both descriptions are kept for the caller to
 * refuse. Unknown fields are kept too and nobody asks for them.
 */
export function readFields(words: readonly number[]): Map<number, readonly number[]> {
  const fields = new Map<number, readonly number[]>();
  for (let at = 0; at < words.length;) {
    const length = wordsToNumber(words.slice(at + 1, at + HEADER_WORDS));
    const end = at + HEADER_WORDS + length;
    if (at + HEADER_WORDS > words.length || end > words.length) throw new Bolt11Error('a field is cut off');
    const type = words[at] ?? 0;
    const fits = (WORDS_OF.get(type) ?? length) === length;
    if (fits && !fields.has(type)) fields.set(type, words.slice(at + HEADER_WORDS, end));
    at = end;
  }
  return fields;
}
