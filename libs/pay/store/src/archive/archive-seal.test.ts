import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { unpackEntries } from './archive-entries.js';
import { CHUNK_BYTES, openStream, sealStream } from './archive-seal.js';
import { checkPath } from './safe-path.js';

async function* parts(...all: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of all) yield await Promise.resolve(part);
}
const whole = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const part of stream) all.push(part);
  return Buffer.concat(all);
};
const seal = (plain: Uint8Array) => whole(sealStream(parts(plain), 'correct horse', { log2N: 10 }));
const open = (sealed: Uint8Array, passphrase = 'correct horse') => whole(openStream(parts(sealed), passphrase));
const HEADER = 35;
const CHUNK = CHUNK_BYTES + 16;

test.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
  '%i bytes come back as they were',
  async (size) => {
    const plain = randomBytes(size);
    const sealed = await seal(plain);
    expect(sealed.length).toBe(HEADER + size + 16 * Math.max(Math.ceil(size / CHUNK_BYTES), 1));
    expect((await open(sealed)).equals(plain)).toBe(true);
  },
);

test('however the bytes arrive, they are the same', async () => {
  const plain = randomBytes(100_000);
  const sealed = await seal(plain);
  const pieces = [sealed.subarray(0, 7), sealed.subarray(7, 40), sealed.subarray(40, 70_000), sealed.subarray(70_000)];
  expect((await whole(openStream(parts(...pieces), 'correct horse'))).equals(plain)).toBe(true);
});

test('a passphrase costs scrypt N 2^17, r 8, p 1', async () => {
  const header = (await whole(sealStream(parts(), 'correct horse'))).subarray(0, HEADER);
  expect(header.subarray(0, 12)).toEqual(Buffer.from([...Buffer.from('AFPAYARC'), 1, 17, 8, 1]));
});

test('another passphrase opens nothing, and the same one in another Unicode form does', async () => {
  const sealed = await whole(sealStream(parts(Buffer.from('x')), 'caf\u00e9', { log2N: 10 }));
  await expect(open(sealed, 'cafe')).rejects.toThrow(/another passphrase/);
  expect(String(await open(sealed, 'cafe\u0301'))).toBe('x');
});

test('a bit that was changed anywhere is found', async () => {
  const sealed = await seal(randomBytes(1000));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: sealed.length - 1 }),
      fc.integer({ min: 0, max: 7 }),
      async (at, bit) => {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
        await expect(open(changed)).rejects.toThrow();
      },
    ),
    { numRuns: 50, seed: 20261120 },
  );
});

test('chunks can be neither cut off, left out, moved, repeated nor added', async () => {
  const sealed = await seal(randomBytes(3 * CHUNK_BYTES + 5));
  const header = sealed.subarray(0, HEADER);
  const chunk = (n: number) => sealed.subarray(HEADER + n * CHUNK, HEADER + (n + 1) * CHUNK);
  for (const order of [[0, 1, 2], [0], [], [0, 2, 3], [1, 0, 2, 3], [0, 1, 1, 2, 3], [0, 1, 2, 3, 3]]) {
    await expect(open(Buffer.concat([header, ...order.map(chunk)]))).rejects.toThrow(/does not open/);
  }
  expect((await open(Buffer.concat([header, ...[0, 1, 2, 3].map(chunk)]))).length).toBe(3 * CHUNK_BYTES + 5);
});

test('what is no archive says so, and costs that would exhaust the machine are not tried', async () => {
  await expect(open(Buffer.from('tar'))).rejects.toThrow(/no archive/);
  const sealed = await seal(Buffer.from('x'));
  sealed.writeUInt8(30, 9);
  await expect(open(sealed)).rejects.toThrow(/unknown parameters/);
});

test.each(['../x', 'a/../b', '/etc/passwd', 'a//b', './a', 'a\\b', 'a\0', 'C:x', ''])(
  'the path %p is refused',
  async (path) => {
    expect(() => checkPath(path)).toThrow(/unsafe/);
    const head = Buffer.from(JSON.stringify({ path, bytes: 0 }));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(head.length);
    await expect(unpackEntries(parts(size, head), () => Promise.resolve())).rejects.toThrow(/unsafe/);
  },
);
