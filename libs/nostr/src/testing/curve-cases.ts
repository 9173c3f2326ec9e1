import { createHash } from 'node:crypto';
import { wasmSecp256k1 } from '../secp256k1-wasm.js';

/** One question for a verifier. */
export interface CurveCase {
  about: string;
  signature: Uint8Array;
  message: Uint8Array;
  publicKey: Uint8Array;
}

/** The `index`-th of an endless series of signatures, good, damaged and absurd; the same for the same seed. */
export function curveCase(seed: string, index: number): CurveCase {
  const draw = drawer(`${seed}:${index}`);
  const secret = draw(32);
  const good = {
    message: draw(32),
    publicKey: wasmSecp256k1.publicKey(secret),
  };
  const signed = { ...good, signature: wasmSecp256k1.sign(good.message, secret, draw(32)) };
  const [about, change] = CHANGES[index % CHANGES.length] ?? CHANGES[0];
  return { about, ...signed, ...change(signed, draw) };
}

/** Endless bytes from a seed. */
export function drawer(seed: string): (size: number) => Uint8Array {
  let count = 0;
  return (size) => {
    const bytes = createHash('shake256', { outputLength: Math.max(size, 1) })
      .update(`${seed}:${count++}`)
      .digest();
    return new Uint8Array(bytes.subarray(0, size));
  };
}

type Signed = Omit<CurveCase, 'about'>;
type Draw = (size: number) => Uint8Array;
type Change = readonly [string, (signed: Signed, draw: Draw) => Partial<Signed>];

const hex = (text: string) => new Uint8Array(Buffer.from(text.padStart(64, '0'), 'hex'));

/** The edges of the field and of the group: 0, 1, n − 1, n, n + 1, p − 1, p, p + 1 and the largest number. */
export const EDGES = [
  hex('0'),
  hex('1'),
  hex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140'),
  hex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'),
  hex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142'),
  hex('fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2e'),
  hex('fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f'),
  hex('fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30'),
  hex('f'.repeat(64)),
] as const;

const flipped = (bytes: Uint8Array, draw: Draw): Uint8Array => {
  const [position = 0, bit = 0] = draw(2);
  return bytes.map((byte, i) => (i === position % bytes.length ? byte ^ (1 << (bit % 8)) : byte));
};
const edge = (draw: Draw): Uint8Array => EDGES[(draw(1)[0] ?? 0) % EDGES.length] ?? EDGES[0];
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const otherLength = (bytes: Uint8Array, draw: Draw) =>
  (draw(1)[0] ?? 0) % 2 === 0 ? bytes.subarray(1 + ((draw(1)[0] ?? 0) % bytes.length)) : joined(bytes, draw(1));

const CHANGES: readonly [Change, ...Change[]] = [
  ['valid', () => ({})],
  ['a bit of the signature', ({ signature }, draw) => ({ signature: flipped(signature, draw) })],
  ['a bit of the message', ({ message }, draw) => ({ message: flipped(message, draw) })],
  ['a bit of the key', ({ publicKey }, draw) => ({ publicKey: flipped(publicKey, draw) })],
  ['valid', () => ({})],
  ['any signature', (_, draw) => ({ signature: draw(64) })],
  ['r at an edge', ({ signature }, draw) => ({ signature: joined(edge(draw), signature.subarray(32)) })],
  ['s at an edge', ({ signature }, draw) => ({ signature: joined(signature.subarray(0, 32), edge(draw)) })],
  ['the key at an edge', (_, draw) => ({ publicKey: edge(draw) })],
  ['any key', (_, draw) => ({ publicKey: draw(32) })],
  ['a signature of another length', ({ signature }, draw) => ({ signature: otherLength(signature, draw) })],
  ['a message of another length', ({ message }, draw) => ({ message: otherLength(message, draw) })],
  ['a key of another length', ({ publicKey }, draw) => ({ publicKey: otherLength(publicKey, draw) })],
];
