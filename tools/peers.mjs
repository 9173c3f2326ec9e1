// Real Bitcoin and Lightning for tests; see peers/README.md.
//
//   npm run peers                    starts them, writes .dev/peers.json, runs until Ctrl-C
//   npm run peers -- --test          runs the Lightning suite over them
//   npm run peers -- --run COMMAND   runs a command with PEERS=<that file>, and stops with its exit code
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { ensurePeers } from './peers-install.mjs';
import { freePort } from './stack.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, '.dev/peers.json');
const SUITE = [
  'node_modules/jest/bin/jest.js',
  '-c',
  'libs/pay/provider-ln/jest.config.mjs',
  'contract',
  '-t',
  'on real Lightning',
];

const [mode, ...command] = process.argv.slice(2);
await ensureInstalled();
await ensurePeers();
// Whatever ends us, even while they start: the peers are stopped first.
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => ended.abort(signal));
const { startLightning } = await import('../peers/lightning.mjs');
const startedMs = performance.now();
const { alice, bob, electrumPort, stop } = await startLightning({ freePort });
mkdirSync(join(root, '.dev'), { recursive: true });
writeFileSync(file, JSON.stringify({ electrumPort, lightning: { alice, bob } }), { mode: 0o600 });
console.log(`a chain and two Lightning nodes with an open channel: ${Math.round(performance.now() - startedMs)} ms`);

try {
  process.exitCode = ended.signal.aborted ? 1 : await child();
} finally {
  rmSync(file, { force: true });
  await stop();
}

/** What runs over them; resolves with its exit code. */
function child() {
  if (mode === '--test') return runs(process.execPath, ['--experimental-vm-modules', '--no-warnings', ...SUITE]);
  const [program, ...args] = command;
  if (mode === '--run' && program !== undefined) return runs(program, args);
  console.log(`they are described in ${file}; Ctrl-C ends them`);
  return new Promise((resolve) => ended.signal.addEventListener('abort', () => resolve(0)));
}

function runs(program, args) {
  const running = spawn(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PEERS: file } });
  ended.signal.addEventListener('abort', () => running.kill(ended.signal.reason));
  return new Promise((resolve, reject) => {
    running.once('error', reject).once('exit', (code) => resolve(code ?? 1));
  });
}
