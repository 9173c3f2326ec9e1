import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readVectors } from './testing/vectors.js';

const list = readFileSync(new URL('vectors/README.md', import.meta.url), 'utf8');
const files = [...list.matchAll(/^- `(.+?\.json)`[^]*?\n {2}SHA-256 `([0-9a-f]{64})`$/gm)];

test('every vector file is listed', () => {
  expect(files).toHaveLength(4);
});

test.each(files.map(([, name, hash]) => [name ?? '', hash]))('%s is as published', (name, hash) => {
  expect(createHash('sha256').update(readVectors(name)).digest('hex')).toBe(hash);
});

test('the NIP-44 file is the one the NIP names', () => {
  expect(files.find(([, name]) => name === 'nip44.vectors.json')?.[2]).toBe(
    '269ed0f69e4c192512cc779e78c555090cebc7c785b609e338a62afc3ce25040',
  );
});
