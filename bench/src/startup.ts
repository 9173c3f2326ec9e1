// How long a newcomer waits, and what the four services weigh after a life.
//   npm run bench -- startup            a second start and the memory after the life
//   npm run bench -- startup --fresh    also a fresh clone, with a warm and with a cold npm cache
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metric } from './metric.js';

interface State {
  services: Record<string, { pid: number }>;
}

const npm = (cwd: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
  spawn('npm', args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });

/** Starts, waits until the life is over, and gives `look` the running sandbox. Answers the seconds until then. */
async function timedStart(dir: string, look: (state: State) => void): Promise<number> {
  const startedAt = performance.now();
  const child = npm('.', ['start', '--', '--dir', dir]);
  const seconds = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.includes('✗')) reject(new Error(said));
      if (said.includes('Try next')) resolve((performance.now() - startedAt) / 1000);
    });
    child.once('exit', () => {
      reject(new Error(`npm start ended:\n${said}`));
    });
  });
  look(JSON.parse(readFileSync(join(dir, 'sandbox.json'), 'utf8')) as State);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await gone;
  return seconds;
}

/** Proportional and resident memory of a process in MiB, where the kernel tells (Linux). */
function memoryOf(pid: number): { pss: number; rss: number } {
  const file = `/proc/${pid}/smaps_rollup`;
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const of = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
  return { pss: of('Pss'), rss: of('Rss') };
}

async function secondStart(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'caravel-bench-'));
  try {
    await timedStart(dir, () => undefined);
    let total = { pss: 0, rss: 0 };
    const seconds = await timedStart(dir, ({ services }) => {
      for (const [name, { pid }] of Object.entries(services)) {
        const { pss, rss } = memoryOf(pid);
        metric(`startup.memory.${name}`, pss, { unit: `MiB PSS (RSS ${rss.toFixed(0)} MiB)` });
        total = { pss: total.pss + pss, rss: total.rss + rss };
      }
    });
    metric('startup.second_start', seconds, { unit: 's', target: { max: 10 } });
    metric('startup.memory', total.pss, { unit: `MiB PSS (RSS ${total.rss.toFixed(0)} MiB)`, target: { max: 600 } });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function freshClone(name: string, { env, max }: { env: NodeJS.ProcessEnv; max?: number }): Promise<void> {
  const clone = mkdtempSync(join(tmpdir(), 'caravel-clone-'));
  try {
    const startedAt = performance.now();
    const cloned = spawnSync('git', ['clone', '--quiet', '.', clone]);
    if (cloned.status !== 0) throw new Error(cloned.stderr.toString());
    const child = npm(clone, ['start', '--', '--once'], env);
    child.stdout.resume();
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`npm start -- --once ended with ${String(code)}`);
    const seconds = (performance.now() - startedAt) / 1000;
    metric(`startup.${name}`, seconds, { unit: 's', ...(max !== undefined && { target: { max } }) });
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

if (process.argv.includes('--fresh')) {
  await freshClone('fresh_clone_warm_cache', { env: {}, max: 90 });
  const cache = mkdtempSync(join(tmpdir(), 'caravel-npm-cache-'));
  await freshClone('fresh_clone_cold_cache', { env: { npm_config_cache: cache } });
  rmSync(cache, { recursive: true, force: true });
}
await secondStart();
