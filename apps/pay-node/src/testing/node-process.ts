import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@caravel/testing';

const cwd = fileURLToPath(new URL('../..', import.meta.url));

/** Once for all tests of a file. */
export function buildNode(): void {
  execFileSync(process.execPath, ['../../tools/bundle.mjs'], { cwd });
}

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'pay-node-'));
export const RPC_SECRET = 'rpc-0123456789abcdef0123456789abcdef';
export const REST_KEY = 'rest-0123456789abcdef0123456789abcdef';

/** The node as it is deployed: the bundle in a process of its own, both doors on free ports. */
export async function startNodeProcess(env: Readonly<Record<string, string>> = {}, dataDir = newDataDir()) {
  const child = spawn(process.execPath, ['dist/main.mjs'], {
    cwd,
    env: { ...defaults(dataDir), ...env },
    stdio: 'pipe',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.exitCode;
  };
  const exited = once(child, 'exit');
  const listens = eventually(() => /"restUrl":.*/.exec(said)?.[0] ?? /could not start/.exec(said)?.[0], {
    timeoutMs: 20_000,
  });
  await Promise.race([listens, exited]);
  return {
    restUrl: /"restUrl":"(.*?)"/.exec(said)?.[1] ?? '',
    rpcAddress: /"rpcAddress":"(.*?)"/.exec(said)?.[1] ?? '',
    nodeId: /"nodeId":"(.*?)"/.exec(said)?.[1] ?? '',
    dataDir,
    said: () => said,
    exitCode: () => child.exitCode,
    stop,
    drop: async () => {
      await stop('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const defaults = (dataDir: string): Record<string, string> => ({
  HOME: dataDir,
  AFPAY_DATA_DIR: dataDir,
  AFPAY_MODE: 'both',
  AFPAY_REST_LISTEN: '127.0.0.1:0',
  AFPAY_RPC_LISTEN: '127.0.0.1:0',
  AFPAY_REST_API_KEY: REST_KEY,
  AFPAY_RPC_SECRET: RPC_SECRET,
  OPS_PORT: '0',
});
