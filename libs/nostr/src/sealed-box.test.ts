import { inspect } from 'node:util';
import fc from 'fast-check';
import { boxRecipient, open, seal, SealedBoxError, type OpenOptions } from './sealed-box.js';
import { generateSecret, secretSigner } from './signer.js';

const secret = generateSecret();
const recipient = secretSigner(secret).pubkey;
const url = 'nostr+walletconnect://abc?secret=SPENDABLE';
const subject = 'a'.repeat(64);
const box = seal({ recipient, use: 'nwc_url', subject, fields: { url } });
const parts = JSON.parse(box) as Record<'to' | 'from' | 'box', string>;
const opening = (change: Partial<OpenOptions> = {}) =>
  open({ secrets: [secret], box, use: 'nwc_url', subject, ...change });

test('what was sealed comes out again', () => {
  expect(opening()).toEqual({ url });
});

test('any fields survive', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !['v', 'use', 'subject', '__proto__'].includes(text));
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' }), { noNullPrototype: true }), (fields) => {
      const sealed = seal({ recipient, use: 'x', subject: 'y', fields });
      expect(open({ secrets: [secret], box: sealed, use: 'x', subject: 'y' })).toEqual(fields);
    }),
    { numRuns: 20 },
  );
});

test('a box names its key and shows nothing else', () => {
  expect(boxRecipient(box)).toBe(recipient);
  expect(JSON.parse(box)).toEqual({ v: 1, to: recipient, from: parts.from, box: parts.box });
  expect(box).not.toContain('SPENDABLE');
});

test('two boxes of the same content differ in sender and text', () => {
  const again = JSON.parse(seal({ recipient, use: 'nwc_url', subject, fields: { url } })) as typeof parts;
  expect(again.from).not.toBe(parts.from);
  expect(again.box).not.toBe(parts.box);
});

test('after a rotation the previous key still opens', () => {
  expect(opening({ secrets: [generateSecret(), secret] })).toEqual({ url });
});

const bit = Buffer.from(parts.box, 'base64');
bit[60] = (bit[60] ?? 0) ^ 1;
const changed = (change: Record<string, unknown>): Partial<OpenOptions> => ({
  box: JSON.stringify({ v: 1, ...parts, ...change }),
});
const stranger = secretSigner(generateSecret()).pubkey;

test.each<[string, string, Partial<OpenOptions>]>([
  ['swapped to another tenant', 'wrong-subject', { subject: 'b'.repeat(64) }],
  ['sealed for another use', 'wrong-use', { use: 'call_answer' }],
  ['sealed to a key we do not have', 'unknown-key', { secrets: [generateSecret()] }],
  ['without any key', 'unknown-key', { secrets: [] }],
  ['cut in the JSON', 'malformed', { box: box.slice(0, -10) }],
  ['empty', 'malformed', { box: '' }],
  ['of another version', 'malformed', changed({ v: 2 })],
  ['with an extra field', 'malformed', changed({ more: 1 })],
  ['without a sender', 'malformed', changed({ from: undefined })],
  ['cut in the payload', 'tampered', changed({ box: parts.box.slice(0, -8) })],
  ['with an empty payload', 'tampered', changed({ box: '' })],
  ['with one bit turned', 'tampered', changed({ box: bit.toString('base64') })],
  ['with another sender', 'tampered', changed({ from: stranger })],
  ['with a sender off the curve', 'tampered', changed({ from: 'f'.repeat(64) })],
])('a box %s is refused as %s', (_what, reason, change) => {
  const error = thrownBy(() => opening(change));
  expect(error).toBeInstanceOf(SealedBoxError);
  expect(error).toMatchObject({ reason, code: 'internal' });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/SPENDABLE|walletconnect/);
});

test.each<[string, unknown]>([
  ['no JSON', 'plain'],
  ['another version', { v: 2, use: 'nwc_url', subject }],
  ['no subject', { v: 1, use: 'nwc_url' }],
  ['a field that is no text', { v: 1, use: 'nwc_url', subject, url: { nested: true } }],
])('a rightly encrypted content with %s is refused', (_what, content) => {
  const sender = secretSigner(generateSecret());
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const forged = { v: 1, to: recipient, from: sender.pubkey, box: sender.nip44Encrypt(recipient, text) };
  expect(thrownBy(() => opening({ box: JSON.stringify(forged) }))).toMatchObject({ reason: 'malformed' });
});

test('a field can not pose as part of the envelope', () => {
  for (const name of ['v', 'use', 'subject']) {
    expect(() => seal({ recipient, use: 'x', subject: 'y', fields: { [name]: '1' } })).toThrow(RangeError);
  }
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
