import fc from 'fast-check';
import { decode } from 'light-bolt11-decoder';

import { Bolt11Error } from './bolt11-error.js';
import { nodeKey } from './bolt11-signature.js';
import { decodeBolt11 } from './decode-bolt11.js';
import { encodeBolt11 } from './encode-bolt11.js';
import type { Bolt11Input } from './encode-bolt11.js';

const hex32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const secretKey = '11'.repeat(32);
const input = {
  network: 'bc',
  amountMsats: 1000n,
  timestampS: 1_700_000_000,
  paymentHash: 'aa'.repeat(32),
  paymentSecret: 'bb'.repeat(32),
  description: 'one month',
  secretKey,
} as const satisfies Bolt11Input;

const anyInput = fc.record({
  network: fc.constantFrom('bc', 'tb', 'tbs', 'bcrt'),
  amountMsats: fc.option(fc.bigInt({ min: 1n, max: 2_100_000_000_000_000_000n }), { nil: null }),
  timestampS: fc.integer({ min: 0, max: 2 ** 35 - 1 }),
  expiryS: fc.integer({ min: 0, max: 31_536_000 }),
  paymentHash: hex32,
  paymentSecret: hex32,
  description: fc.string({ unit: 'grapheme', maxLength: 60 }),
});

test('what is written is read back, and the payee is the signer', () => {
  fc.assert(
    fc.property(anyInput, (invoice) => {
      const { timestampS, expiryS } = invoice;
      expect(decodeBolt11(encodeBolt11({ ...invoice, secretKey }))).toEqual({
        ...invoice,
        expiresAtS: timestampS + expiryS,
        descriptionHash: null,
        minFinalCltvExpiryDelta: 18,
        features: [8, 14],
        payee: nodeKey(secretKey),
      });
    }),
    { numRuns: 60 },
  );
});

test('an independent decoder reads the same', () => {
  const networks = fc.constantFrom('bc', 'tb', 'bcrt'); // it does not know signet
  fc.assert(
    fc.property(anyInput, networks, (invoice, network) => {
      const { sections } = decode(encodeBolt11({ ...invoice, network, secretKey }));
      const theirs = new Map<string, unknown>(sections.map((s) => [s.name, 'value' in s ? s.value : undefined]));
      expect(theirs.get('amount') ?? null).toBe(invoice.amountMsats === null ? null : String(invoice.amountMsats));
      expect(theirs.get('payment_hash')).toBe(invoice.paymentHash);
      expect(theirs.get('payment_secret')).toBe(invoice.paymentSecret);
      expect(theirs.get('timestamp')).toBe(invoice.timestampS);
      expect(theirs.get('description')).toBe(invoice.description);
    }),
    { numRuns: 60 },
  );
});

test('a hashed description comes back as the hash', () => {
  const { network, amountMsats, timestampS, paymentHash, paymentSecret } = input;
  const descriptionHash = 'cc'.repeat(32);
  const invoice = decodeBolt11(
    encodeBolt11({ network, amountMsats, timestampS, paymentHash, paymentSecret, secretKey, descriptionHash }),
  );
  expect(invoice).toMatchObject({ description: null, descriptionHash: 'cc'.repeat(32) });
});

test.each([
  [1n, 'lnbc10p1'],
  [100n, 'lnbc1n1'],
  [100_000n, 'lnbc1u1'],
  [250_000_000n, 'lnbc2500u1'],
  [100_000_000n, 'lnbc1m1'],
  [100_000_000_000n, 'lnbc11'],
])('%d msats use the shortest writing', (amountMsats, start) => {
  expect(encodeBolt11({ ...input, amountMsats }).startsWith(start)).toBe(true);
});

test('the same input gives the same text', () => {
  expect(encodeBolt11(input)).toBe(encodeBolt11(input));
});

test.each([
  ['an amount of nothing', { amountMsats: 0n }],
  ['a negative amount', { amountMsats: -1n }],
  ['a short hash', { paymentHash: 'aa' }],
  ['a hash that is not hex', { paymentHash: 'zz'.repeat(32) }],
  ['a description over 639 bytes', { description: 'x'.repeat(640) }],
  ['half a second', { timestampS: 1.5 }],
  ['a negative expiry', { expiryS: -1 }],
])('refuses to write %s', (_, change) => {
  expect(() => encodeBolt11({ ...input, ...change })).toThrow(Bolt11Error);
});

test('an unmet feature dependency and an unknown required feature are refused by the reader', () => {
  expect(() => decodeBolt11(encodeBolt11({ ...input, features: [16] }))).toThrow('needs feature 14');
  expect(() => decodeBolt11(encodeBolt11({ ...input, features: [8, 14, 200] }))).toThrow('feature 200');
  expect(decodeBolt11(encodeBolt11({ ...input, features: [8, 14, 201] })).features).toEqual([8, 14, 201]);
});
