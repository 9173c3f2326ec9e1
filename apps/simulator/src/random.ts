import { createHash } from 'node:crypto';

/** A stream of chance that its name alone decides: the same name gives the same stream in every run. */
export interface Random {
  /** At least 0 and less than 1. */
  next: () => number;
  /** Whole, at least 0 and less than `below`. */
  whole: (below: number) => number;
  chance: (probability: number) => boolean;
  pick: <T>(list: readonly [T, ...T[]]) => T;
  /** Exponentially distributed: the pauses between things that happen by themselves. */
  pause: (mean: number) => number;
}

/** Streams of different names do not depend on each other, so that leaving one tenant out changes nobody else's life. */
export function randomOf(...name: readonly (string | number)[]): Random {
  const next = sfc32(createHash('sha256').update(name.join('/')).digest());
  return {
    next,
    whole: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    pick: <T>(list: readonly [T, ...T[]]) => list[Math.floor(next() * list.length)] ?? list[0],
    pause: (mean) => -Math.log(1 - next()) * mean,
  };
}

/** Chris Doty-Humphrey's small fast counting generator, 32 bits (PractRand). */
function sfc32(seed: Buffer): () => number {
  let [a, b, c, counter] = [seed.readUInt32LE(0), seed.readUInt32LE(4), seed.readUInt32LE(8), 1];
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
}
