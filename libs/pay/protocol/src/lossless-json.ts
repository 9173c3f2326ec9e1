import { isInteger, isSafeNumber, parse, stringify } from 'lossless-json';

/**
 * JSON without lost digits. An integer beyond 2^53 − 1 becomes a bigint, every other number a number; Node's `JSON.parse`
 * would silently round it. Of two fields of one name the last counts. Throws a SyntaxError that names the position and not the
 * text.
 */
export function parseJson(text: string): unknown {
  try {
    // With so few digits in a row nothing can be rounded, and Node reads it several times as fast.
    if (!SIXTEEN_DIGITS.test(text)) return JSON.parse(text) as unknown;
    return parse(text, null, { parseNumber, onDuplicateKey: ({ newValue }) => newValue });
  } catch (error) {
    // Both quote what they read, which may be a secret.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new SyntaxError(position === undefined ? 'not valid JSON' : `not valid JSON at position ${position}`);
  }
}

/** The opposite: a bigint is written as an integer with all its digits. `undefined` fields are left out. */
export function stringifyJson(value: unknown): string {
  const text = stringify(value);
  if (text === undefined) throw new TypeError('there is no JSON for that value');
  return text;
}

/** 2^53 − 1 has as many. */
const SIXTEEN_DIGITS = /\d{16}/;

function parseNumber(text: string): number | bigint {
  if (isInteger(text) && !isSafeNumber(text)) return BigInt(text);
  return Number(text);
}
