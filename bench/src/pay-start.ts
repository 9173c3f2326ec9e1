// How long a person waits for `afpay`, beside what Node needs by itself: the two alternate, so that both see the same machine.
//   npm run bench -- pay-start
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metric } from './metric.js';

const ROUNDS = 15;
const home = mkdtempSync(join(tmpdir(), 'afpay-start-'));

/** Milliseconds until the process has ended. */
function took(args: readonly string[], dir = join(home, 'kept')): number {
  const startedAt = performance.now();
  const run = spawnSync(process.execPath, [...args], { env: { HOME: dir } });
  if (run.status !== 0) throw new Error(`${args.join(' ')}: ${run.stdout.toString()}${run.stderr.toString()}`);
  return performance.now() - startedAt;
}

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? NaN;
}

execFileSync(process.execPath, ['../../tools/bundle.mjs', '--split'], { cwd: 'apps/afpay' });
try {
  const afpay = (...words: string[]) => ['apps/afpay/dist/main.mjs', ...words];
  const send = afpay('--dry-run', '--data-dir', join(home, 'absent'), 'ln', 'send', '--to', 'lnbc10u1p');
  const runs = {
    node: () => took(['-e', '0']),
    no_store: () => took(afpay('version')),
    dry_run: () => took(send),
    store: () => took(afpay('wallet', 'list')),
  };
  const firsts: number[] = [];
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(runs)) times.set(name, [...(times.get(name) ?? []), run()]);
    firsts.push(took(afpay('wallet', 'list'), join(home, `first-${round}`)));
  }
  const node = median(times.get('node') ?? []);
  const say = (name: string, ms: number, max: number) => {
    metric(`pay-start.${name}`, ms / 1000, { unit: `s (${(ms / node).toFixed(1)} × plain node)`, target: { max } });
  };
  metric('pay-start.plain_node', node / 1000, { unit: 's (node -e 0)' });
  say('no_store', median(times.get('no_store') ?? []), 0.3);
  say('dry_run', median(times.get('dry_run') ?? []), 0.3);
  say('embedded_store', median(times.get('store') ?? []), 0.4);
  say('embedded_store_first_run', median(firsts), 0.4);
} finally {
  rmSync(home, { recursive: true, force: true });
}
