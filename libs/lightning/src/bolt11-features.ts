import { Bolt11Error } from './bolt11-error.js';

/** Features a payer here understands, by their even (required) number: BOLT 9, context `9` and the assumed ones. */
const KNOWN = new Set([8, 14, 16, 24, 36, 48]);
/** `basic_mpp` makes no sense without `payment_secret` (BOLT 9, dependencies). */
const NEEDS: readonly (readonly [feature: number, needed: number])[] = [[16, 14]];

/** The bit field, big-endian in 5-bit words, without leading zeros. */
export function featuresToWords(features: readonly number[]): number[] {
  const words = new Array<number>(Math.ceil((Math.max(...features) + 1) / 5)).fill(0);
  for (const feature of features) {
    const at = words.length - 1 - Math.floor(feature / 5);
    words[at] = (words[at] ?? 0) | (1 << (feature % 5));
  }
  return words;
}

/** Numbers of the set bits, ascending. Refuses unknown required features and unmet dependencies. */
export function wordsToFeatures(words: readonly number[]): number[] {
  const features = [...words]
    .reverse()
    .flatMap((word, at) => [0, 1, 2, 3, 4].filter((bit) => word & (1 << bit)).map((bit) => at * 5 + bit));
  const unknown = features.find((feature) => feature % 2 === 0 && !KNOWN.has(feature));
  if (unknown !== undefined) throw new Bolt11Error(`it requires feature ${unknown}, which is not known`);

  const sets = (even: number) => features.includes(even) || features.includes(even + 1);
  const unmet = NEEDS.find(([feature, needed]) => sets(feature) && !sets(needed));
  if (unmet) throw new Bolt11Error(`feature ${unmet[0]} needs feature ${unmet[1]}`);
  return features;
}
