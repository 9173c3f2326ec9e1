import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const library = fileURLToPath(new URL('..', import.meta.url));

test('works as one bundled file, away from node_modules, as services are deployed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nostr-bundle-'));
  try {
    execFileSync(process.execPath, ['../../tools/bundle.mjs', 'testing/bundle/main'], { cwd: library });
    await copyFile(join(library, 'dist/testing/bundle/main.mjs'), join(folder, 'main.mjs'));
    const stdout = execFileSync(process.execPath, ['main.mjs'], { cwd: folder, env: {}, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual([true, false, { a: 'b' }, { verifier: 'wasm' }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
