import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild');
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const PROGRAM = `
import { generateSecret, isValidEvent, open, relayPool, seal, secretSigner } from './index.js';
const secret = generateSecret();
const signer = secretSigner(secret);
const event = signer.sign({ kind: 1, created_at: 1, tags: [], content: 'x' });
const box = seal({ recipient: signer.pubkey, use: 'u', subject: 's', fields: { a: 'b' } });
relayPool().close();
console.log(JSON.stringify([isValidEvent(event), isValidEvent({ ...event, kind: 2 }), open({ secrets: [secret], box, use: 'u', subject: 's' })]));
`;

test('works as one bundled file, away from node_modules, as services are deployed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nostr-bundle-'));
  const bundle = join(folder, 'main.mjs');
  const flags = [
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--conditions=@caravel/source',
    `--banner:js=${BANNER}`,
  ];
  try {
    execFileSync(esbuild, [...flags, `--outfile=${bundle}`, '--log-level=error'], { input: PROGRAM, cwd: here });
    const stdout = execFileSync(process.execPath, [bundle], { cwd: folder, env: {}, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual([true, false, { a: 'b' }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
