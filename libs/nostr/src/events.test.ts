import { pubkeySchema } from '@caravel/domain';
import { schnorr } from '@noble/curves/secp256k1.js';
import { eventId, isValidEvent, nostrEventSchema, verifierName } from './events.js';
import { generateSecret, secretSigner } from './signer.js';
import { readVectors } from './testing/vectors.js';
import { wasm } from './wasm.js';

const signer = secretSigner(generateSecret());
const signed = signer.sign({
  kind: 1,
  created_at: 1_700_000_000,
  tags: [['t', 'quote " and \u2028 newline \n'], []],
  content: 'hello \u0007 \\ "wörld" 🌩 \ud800',
});
const other = secretSigner(generateSecret()).sign({ kind: 1, created_at: 1, tags: [], content: '' });
const flip = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);

test('what a signer signs is valid', () => {
  expect(isValidEvent(signed)).toBe(true);
  expect(nostrEventSchema.parse(signed)).toEqual(signed);
  expect(verifierName).toBe('nostr-wasm');
});

test('an id is the hash of the canonical JSON', () => {
  // Computed once with `printf '[0,"00…00",1,1,[],"x"]' | sha256sum`.
  const event = { pubkey: pubkeySchema.parse('0'.repeat(64)), created_at: 1, kind: 1, tags: [], content: 'x' };
  expect(eventId(event)).toBe('e05191b8c4f824acd82bce13c2ca9845629ce416c6e5cba038ab9cbb2d8b008b');
});

test.each<[string, unknown]>([
  ['content', { ...signed, content: 'hello!' }],
  ['tags', { ...signed, tags: [['t', 'y']] }],
  ['kind', { ...signed, kind: 2 }],
  ['created_at', { ...signed, created_at: signed.created_at + 1 }],
  ['id', { ...signed, id: flip(signed.id) }],
  ['sig', { ...signed, sig: flip(signed.sig) }],
  ['sig of another event', { ...signed, sig: other.sig }],
  ['pubkey', { ...signed, pubkey: other.pubkey, id: eventId({ ...signed, pubkey: other.pubkey }) }],
])('an event whose %s was exchanged is not valid', (_field, event) => {
  expect(isValidEvent(event)).toBe(false);
});

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['a number', 1],
  ['text', JSON.stringify(signed)],
  ['an array', [signed]],
  ['an empty object', {}],
  ['an id in capitals', { ...signed, id: signed.id.toUpperCase() }],
  ['a short id', { ...signed, id: signed.id.slice(2) }],
  ['an empty id', { ...signed, id: '' }],
  ['a long sig', { ...signed, sig: signed.sig + '00' }],
  [
    'a pubkey off the curve',
    { ...signed, pubkey: 'f'.repeat(64), id: eventId({ ...signed, pubkey: pubkeySchema.parse('f'.repeat(64)) }) },
  ],
  ['a negative time', { ...signed, created_at: -1 }],
  ['a fractional time', { ...signed, created_at: 1.5 }],
  ['a huge time', { ...signed, created_at: 1e21 }],
  ['a time as text', { ...signed, created_at: '1700000000' }],
  ['a huge kind', { ...signed, kind: 65_536 }],
  ['tags that are no arrays', { ...signed, tags: ['t'] }],
  ['tags with numbers', { ...signed, tags: [['t', 1]] }],
  ['no content', { ...signed, content: undefined }],
  [
    'a getter that throws',
    Object.defineProperty({ ...signed }, 'id', {
      get: () => {
        throw new Error('no');
      },
    }),
  ],
])('%s is not a valid event, and nothing throws', (_what, value) => {
  expect(isValidEvent(value)).toBe(false);
});

test('a mark another library left on an object is not believed', () => {
  const marked = { ...signed, content: 'forged' };
  for (const name of ['verified', 'nostr-tools.verified']) {
    Object.defineProperty(marked, Symbol(name), { value: true, enumerable: true });
    Object.defineProperty(marked, Symbol.for(name), { value: true, enumerable: true });
  }
  expect(isValidEvent(marked)).toBe(false);
});

describe('an event larger than the memory of the wasm module', () => {
  const large = signer.sign({ kind: 1, created_at: 1, tags: [], content: 'ü'.repeat(2_000_000) });

  test('is signed and verified', () => {
    expect(isValidEvent(large)).toBe(true);
    expect(isValidEvent({ ...large, sig: flip(large.sig) })).toBe(false);
  });

  test('leaves the wasm module working', () => {
    expect(isValidEvent(signed)).toBe(true);
  });
});

test('many events, good and bad, do not use the wasm module up', () => {
  const event = signer.sign({ kind: 1, created_at: 1, tags: [], content: 'x'.repeat(200_000) });
  const verdicts = Array.from({ length: 200 }, (_, i) =>
    isValidEvent(i % 2 === 0 ? event : { ...event, sig: other.sig }),
  );
  expect(verdicts.filter(Boolean)).toHaveLength(100);
});

describe('BIP-340 vectors', () => {
  const vectors = JSON.parse(readVectors('bip340.vectors.json')) as Bip340Vector[];
  const named = vectors.map((vector) => [`${vector.index} ${vector.comment}`, vector] as const);

  test('there are 19, valid and invalid', () => {
    expect(vectors).toHaveLength(19);
    expect(vectors.filter(({ valid }) => !valid)).toHaveLength(10);
  });

  test.each(named)('noble, used for large events: %s', (_name, { publicKey, message, signature, valid }) => {
    expect(verifyByNoble(bytes(signature), bytes(message), bytes(publicKey))).toBe(valid);
  });

  test.each(named.filter(([, { message }]) => message.length === 64))('nostr-wasm: %s', (_name, vector) => {
    expect(verifyByWasm(vector)).toBe(vector.valid);
  });

  test.each(named.filter(([, { secretKey }]) => secretKey))('noble signs: %s', (_name, vector) => {
    const sig = schnorr.sign(bytes(vector.message), bytes(vector.secretKey), bytes(vector.auxRand));
    expect(Buffer.from(sig).toString('hex')).toBe(vector.signature);
    expect(Buffer.from(schnorr.getPublicKey(bytes(vector.secretKey))).toString('hex')).toBe(vector.publicKey);
  });
});

interface Bip340Vector {
  index: number;
  secretKey: string;
  publicKey: string;
  auxRand: string;
  message: string;
  signature: string;
  valid: boolean;
  comment: string;
}

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

function verifyByNoble(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return schnorr.verify(signature, message, publicKey);
  } catch {
    return false;
  }
}

/**
 * nostr-wasm only takes events. It reads `id` first to compare it with the hash it computed (an empty one has nothing to
 * compare) and then again as the signed message, which is where a vector's message is put.
 */
function verifyByWasm({ publicKey, message, signature }: Bip340Vector): boolean {
  const ids = ['', message];
  const event = { pubkey: publicKey, sig: signature, created_at: 0, kind: 0, tags: [], content: '', id: '' };
  Object.defineProperty(event, 'id', { get: () => ids.shift() ?? '' });
  try {
    wasm.verifyEvent(event);
    return true;
  } catch {
    return false;
  }
}
