import { pubkeySchema } from '@caravel/domain';
import { eventId, isValidEvent, nostrEventSchema } from './events.js';
import { generateSecret, secretSigner } from './signer.js';

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

test('an event of megabytes is signed and verified', () => {
  const large = signer.sign({ kind: 1, created_at: 1, tags: [], content: 'ü'.repeat(2_000_000) });
  expect(isValidEvent(large)).toBe(true);
  expect(isValidEvent({ ...large, sig: flip(large.sig) })).toBe(false);
});

test('keys off the curve, however many, do not use the verifier up', () => {
  const pubkey = pubkeySchema.parse('00'.repeat(31) + '05'); // x³ + 7 is no square
  const hostile = { ...signed, pubkey, id: eventId({ ...signed, pubkey }) };
  for (let i = 0; i < 5_000; i++) expect(isValidEvent(hostile)).toBe(false);
  expect(isValidEvent(signed)).toBe(true);
  expect(() => signer.nip44Encrypt(pubkey, 'x')).toThrow('not on the curve');
});
