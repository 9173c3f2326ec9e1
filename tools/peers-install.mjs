// What the peers need: Electrum of the machine's packages, and the npm packages of peers/ from its own lock file.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const peers = fileURLToPath(new URL('../peers', import.meta.url));
const stamp = join(peers, 'node_modules/.caravel-peers');

/** Installs what is missing. Throws an error that says what to do where that can't be had here. */
export function ensurePeers(say = console.log) {
  ensureElectrum(say);
  const wanted = createHash('sha256')
    .update(readFileSync(join(peers, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing the packages of peers/');
  // Without install scripts: the native parts of bcoin are optional, and are not compiled.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: peers });
  writeFileSync(stamp, wanted);
}

/** Debian's package, version 4.3; as root it is installed where it is missing. */
function ensureElectrum(say) {
  if (works('electrum', ['version', '--offline'])) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !works('apt-get', ['--version'])) {
    throw new Error('Electrum is not installed. On Debian: apt-get install --no-install-recommends electrum');
  }
  say('installing electrum (Debian package)');
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'electrum']);
}

const works = (program, args) => spawnSync(program, args, { stdio: 'ignore', timeout: 30_000 }).status === 0;

function run(program, args, options = {}) {
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed: Electrum or bcoin can not be had on this machine`);
}
