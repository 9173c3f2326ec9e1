// Makes a checkout ready to run: dependencies from the lock file and the generated database client. Does nothing when the
// lock file is the one that was installed last. Built-ins only: it runs before anything is installed.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const hashOf = (...files) => {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
};

/** What has to be done after which files changed; a stamp in node_modules remembers what was done last. */
const STEPS = [
  {
    stamp: 'node_modules/.caravel-install',
    wanted: () => hashOf('package-lock.json'),
    title: 'installing dependencies (npm ci, about a minute the first time)',
    run: () => run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']),
  },
  {
    stamp: 'node_modules/.caravel-generate',
    wanted: () => hashOf('package-lock.json', 'prisma/platform/schema.prisma'),
    title: 'generating the database client',
    run: () =>
      run(process.execPath, [
        'node_modules/prisma/build/index.js',
        'generate',
        '--config',
        'prisma/platform/prisma.config.ts',
      ]),
  },
];

/** Does what is missing. `say` gets one line per step, and one every ten seconds. */
export async function ensureInstalled(say = console.log) {
  checkNode();
  for (const step of STEPS) {
    const stamp = join(root, step.stamp);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === step.wanted()) continue;
    const startedAt = performance.now();
    const seconds = () => `${Math.round((performance.now() - startedAt) / 1000)} s`;
    say(step.title);
    const ticker = setInterval(() => say(`${step.title.split(' (')[0]} … ${seconds()}`), 10_000);
    await step.run().finally(() => clearInterval(ticker));
    writeFileSync(stamp, step.wanted());
    say(`done (${seconds()})`);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Node ${process.versions.node} is too old: this needs 20.19 or newer (https://nodejs.org).`);
  process.exit(1);
}

/** Runs a command quietly; when it fails, its output is the error. */
export function run(command, args, env = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => (said = (said + data).slice(-20_000)));
    child.once('error', fail);
    child.once('close', (code) =>
      code === 0 ? done(said) : fail(new Error(`${command} ${args[0]} failed (${code}):\n${said}`)),
    );
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureInstalled();
