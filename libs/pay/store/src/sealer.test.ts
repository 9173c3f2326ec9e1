import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { masterKey } from './master-key.js';
import { sealer } from './sealer.js';

const place = { table: 'wallets', column: 'seed', primaryKey: 'w_1' };
const box = sealer(Buffer.alloc(32, 7));

describe('the sealer', () => {
  it('opens what it sealed, and only in its own place with its own key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sealed = box.seal(text, place);
        expect(box.open(sealed, place)).toBe(text);
        for (const other of [
          { ...place, primaryKey: 'w_2' },
          { ...place, column: 'key' },
          { ...place, table: 'wallet', column: 'sseed' },
        ]) {
          expect(() => box.open(sealed, other)).toThrow('does not open');
        }
        expect(() => sealer(Buffer.alloc(32, 8)).open(sealed, place)).toThrow('does not open');
      }),
    );
  });

  it('notices one bit that changed and any byte that is missing', () => {
    const sealed = box.seal('legal winner', place);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => box.open(changed, place)).toThrow('does not open');
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => box.open(sealed.subarray(0, length), place)).toThrow('does not open');
    }
  });
});

describe('the master key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pay-key-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is made once, for its owner alone', () => {
    const file = join(folder, 'deep', 'master.key');
    const key = masterKey({ file });
    expect(masterKey({ file })).toEqual(key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim()).toBe(Buffer.from(key).toString('hex'));
  });

  it('is refused from a file that others may read, and when it is none', () => {
    const file = join(folder, 'master.key');
    writeFileSync(file, 'a'.repeat(64), { mode: 0o644 });
    expect(() => masterKey({ file })).toThrow('others may read');
    writeFileSync(join(folder, 'short.key'), 'abc', { mode: 0o600 });
    expect(() => masterKey({ file: join(folder, 'short.key') })).toThrow('64 hex digits');
    expect(() => masterKey({ hex: 'hunter2', file })).toThrow('AFPAY_MASTER_KEY does not hold');
    expect(Buffer.from(masterKey({ hex: 'a'.repeat(64), file })).toString('hex')).toBe('a'.repeat(64));
  });
});
