import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from '@caravel/testing';

/** A service as it is deployed, in a process of its own. `isBuilt`: as it was built before the tests, because others run it too. */
export async function startServiceProcess(
  app: string,
  env: Readonly<Record<string, string>>,
  { isBuilt = false } = {},
): Promise<ServiceProcess> {
  const cwd = fileURLToPath(new URL(`../../apps/${app}`, import.meta.url));
  if (!isBuilt) execFileSync(process.execPath, ['../../tools/bundle.mjs'], { cwd });
  const child = spawn(process.execPath, ['dist/main.mjs'], { cwd, env: { ...env, OPS_PORT: '0' }, stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(said);
      return said.includes('"started"');
    },
    { timeoutMs: 20_000 },
  );
  return {
    said: () => said,
    memoryMib: () => memoryOf(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** What is resident now, and what was at most. */
function memoryOf(pid: number): { nowMib: number; mostMib: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? NaN) / 1024;
  return { nowMib: mib('VmRSS'), mostMib: mib('VmHWM') };
}

export interface ServiceProcess {
  said: () => string;
  memoryMib: () => { nowMib: number; mostMib: number };
  stop: () => Promise<void>;
}
