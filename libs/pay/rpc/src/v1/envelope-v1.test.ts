import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { keyV1, openV1, sealV1 } from './envelope-v1.js';
import vectors from './vectors.json' with { type: 'json' };

const MAX_BYTES = 1024 * 1024;
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const key = keyV1(vectors.secret);
const nonce = bytes(vectors.nonce);

/** As another program may seal: any plaintext, a tag of any length. */
function sealRaw(plaintext: Uint8Array, tagBytes = 16) {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { nonce, ciphertext: Buffer.concat([body, cipher.getAuthTag().subarray(0, tagBytes)]) };
}

describe('envelope v1, by its vectors', () => {
  it('derives the key', () => {
    expect(hex(key)).toBe(vectors.key);
  });

  it('opens what the original sealed: a stored frame, a compressed one, and plain JSON', () => {
    for (const { text, ciphertext, isPlain } of vectors.sealed) {
      const opened = openV1(key, { nonce, ciphertext: bytes(ciphertext) }, MAX_BYTES);
      expect({ ...opened, text: String(opened.text) }).toEqual({ text, isPlain });
    }
  });

  it('seals the bytes the original seals, when they are few', () => {
    const [request, , plain] = vectors.sealed;
    expect(hex(sealV1(key, Buffer.from(request?.text ?? ''), { nonce }).ciphertext)).toBe(request?.ciphertext);
    expect(hex(sealV1(key, Buffer.from(plain?.text ?? ''), { nonce, isPlain: true }).ciphertext)).toBe(
      plain?.ciphertext,
    );
  });
});

describe('envelope v1', () => {
  it('opens what it sealed, of any length around its blocks', () => {
    const lengths = fc.constantFrom(0, 1, 255, 256, 257, 65_791, 65_792, 131_071, 131_072, 131_073, 300_000);
    fc.assert(
      fc.property(lengths, fc.boolean(), (length, isPlain) => {
        const text = Buffer.alloc(length, '{"a":1}');
        const opened = openV1(key, sealV1(key, text, { isPlain }), MAX_BYTES);
        expect(opened.text.equals(text)).toBe(true);
        expect(opened.isPlain).toBe(isPlain);
      }),
    );
  });

  it.each([4, 8, 12, 15])('refuses a tag of %i bytes, which is guessed in no time', (tagBytes) => {
    expect(() => openV1(key, sealRaw(Buffer.from('{}'), tagBytes), MAX_BYTES)).toThrow();
  });

  it('refuses any other nonce length, an empty message, another key and one bit that changed', () => {
    const { ciphertext } = sealRaw(Buffer.from('{"code":"version"}'));
    for (const length of [0, 8, 11, 13, 4096]) {
      expect(() => openV1(key, { nonce: Buffer.alloc(length), ciphertext }, MAX_BYTES)).toThrow('no envelope');
    }
    expect(() => openV1(key, { nonce, ciphertext: new Uint8Array(15) }, MAX_BYTES)).toThrow('no envelope');
    expect(() => openV1(keyV1('another'), { nonce, ciphertext }, MAX_BYTES)).toThrow();
    for (let bit = 0; bit < ciphertext.length * 8; bit += 1) {
      const changed = Uint8Array.from(ciphertext);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openV1(key, { nonce, ciphertext: changed }, MAX_BYTES)).toThrow();
    }
  });

  it.each(vectors.bombs)('refuses $what before it takes the memory', ({ frame }) => {
    const before = process.memoryUsage().rss;
    expect(() => openV1(key, sealRaw(bytes(frame)), MAX_BYTES)).toThrow();
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('refuses more than is allowed, packed or plain', () => {
    const text = Buffer.alloc(1025, 'x');
    expect(() => openV1(key, sealV1(key, text), 1024)).toThrow(RangeError);
    expect(() => openV1(key, sealV1(key, text, { isPlain: true }), 1024)).toThrow(RangeError);
  });
});
