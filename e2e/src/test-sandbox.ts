import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxState, ServiceName } from '@caravel/sandbox-life';
import { eventually } from '@caravel/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built sandbox in a process and a folder of its own: everything `npm start` brings up, without its guided life. */
export interface TestSandbox {
  /** Read afresh: process ids change when a service is started again. */
  state: () => SandboxState;
  /** SIGKILL; answers once the sandbox has started it again and it is ready. */
  killService: (name: ServiceName) => Promise<void>;
  /** Tells a stand-in how to misbehave; `[]` ends it. */
  setFaults: (standIn: string, faults: readonly object[]) => Promise<void>;
  ledger: (standIn: string) => Promise<unknown>;
  /** Everything the processes logged. */
  logs: () => string;
  stop: () => Promise<void>;
}

export async function startTestSandbox({
  args = [],
  env = {},
}: { args?: string[]; env?: NodeJS.ProcessEnv } = {}): Promise<TestSandbox> {
  const dir = mkdtempSync(join(tmpdir(), 'caravel-e2e-'));
  const main = join(root, 'apps/sandbox/dist/main.mjs');
  const script = `const { startSandbox } = await import(${JSON.stringify(main)});
    await startSandbox({ args: process.argv.slice(1), startedAt: performance.now() });`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', script, '--', '--no-life', '--dir', dir, ...args],
    { cwd: root, env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));

  const file = join(dir, 'sandbox.json');
  const state = () => JSON.parse(readFileSync(file, 'utf8')) as SandboxState;
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`the sandbox ended: ${said}`);
      return existsSync(file) && said.includes('Try next');
    },
    { timeoutMs: 60_000 },
  ).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${said}\n${String(error)}`);
  });

  return {
    state,
    killService: async (name) => {
      const before = state().services[name];
      if (!before) throw new Error(`no service ${name}`);
      process.kill(before.pid, 'SIGKILL');
      await eventually(() => state().services[name]?.pid !== before.pid, { timeoutMs: 20_000 });
      await eventually(async () => (await fetch(`${before.opsUrl}/readyz`)).ok, { timeoutMs: 20_000 });
    },
    setFaults: async (standIn, faults) => {
      const answer = await fetch(`${state().standIns[standIn]?.controlUrl}/faults`, {
        method: 'PUT',
        body: JSON.stringify(faults),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    ledger: async (standIn) => (await fetch(`${state().standIns[standIn]?.controlUrl}/ledger`)).json(),
    logs: () =>
      ['api-gateway', 'billing-service', 'relay-provisioner', 'robot-dm', 'stand-ins']
        .map((name) => join(dir, 'logs', `${name}.log`))
        .filter((path) => existsSync(path))
        .map((path) => readFileSync(path, 'utf8'))
        .join('\n'),
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
