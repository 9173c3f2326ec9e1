import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '@caravel/testing';
import type { TestDatabase } from '@caravel/testing';
import { DEFAULTS } from './test-gateway.js';

const app = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles the app as it is deployed. */
export function bundleGateway(): void {
  execFileSync(process.execPath, ['../../tools/bundle.mjs'], { cwd: app });
}

export interface GatewayProcess {
  url: string;
  /** Asks it to stop as an orchestrator does. */
  terminate: () => void;
  /** SIGKILL; resolves when it is gone. */
  kill: () => Promise<void>;
  /** Its exit code, or the signal that ended it. */
  exited: Promise<number | string>;
}

/** The deployed gateway as a process of its own; `bundleGateway` goes first. */
export async function startGatewayProcess(
  database: TestDatabase,
  env: Record<string, string> = {},
): Promise<GatewayProcess> {
  const child = fork(`${app}/dist/main.mjs`, {
    env: { ...DEFAULTS, DATABASE_URL: database.url('gateway'), OPS_PORT: '0', ...env },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  const url = await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(output);
      return /"url":"(http[^"]+)"[^\n]*"listening"/.exec(output)?.[1];
    },
    { timeoutMs: 20_000 },
  );
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { url, terminate: () => child.kill('SIGTERM'), kill, exited };
}
