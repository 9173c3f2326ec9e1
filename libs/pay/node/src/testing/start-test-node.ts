import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import type { Clock } from '@caravel/domain';
import { parseJson, parseOutputs, stringifyJson } from '@caravel/pay-protocol';
import type { Network, Output } from '@caravel/pay-protocol';
import { createMetrics } from '@caravel/service';
import { readConfig } from '../config/read-config.js';
import { scrubbedLog } from '../daemon/scrubbed-log.js';
import { startDoors } from '../daemon/start-doors.js';
import type { LocalProviders } from '../node/local-providers.js';
import { openNode } from '../node/open-node.js';
import { tillProvider } from './till-provider.js';

export const REST_KEY = 'rest-0123456789abcdef0123456789abcdef';
export const RPC_SECRET = 'rpc-0123456789abcdef0123456789abcdef';

/** A whole node with both doors on real sockets, with the real core and store, and tills in the place of networks. */
export async function startTestNode({
  toml = '',
  env = {},
  clock = systemClock,
  dataDir: given,
  locals: more = {},
}: TestNodeOptions = {}) {
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'pay-node-'));
  writeFileSync(join(dataDir, 'config.toml'), toml);
  const { config } = readConfig({ env: { ...environment(dataDir), ...env } });
  const lines: string[] = [];
  const log = scrubbedLog({ service: 'test', level: 'trace', write: (line) => void lines.push(line) });
  const metrics = createMetrics('test');
  const tills = { ln: tillProvider('ln'), evm: tillProvider('evm', 'wei') };
  const locals = { ln: () => Promise.resolve(tills.ln.provider), evm: () => Promise.resolve(tills.evm.provider) };
  const node = await openNode(config, { log, clock, locals: { ...locals, ...more } });
  const doors = await startDoors('both', config, { node, clock, log, metrics, graceMs: 2000 });

  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${doors.restUrl ?? ''}/v1/afpay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${REST_KEY}`, ...headers },
      body: typeof body === 'string' ? body : stringifyJson(body),
    });
  const ask = async (
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; outputs: Output[] }> => {
    const response = await post(body, headers);
    return { status: response.status, outputs: parseOutputs(parseJson(await response.text()), undefined) };
  };
  const stop = async (): Promise<void> => {
    await doors.stop();
    await node.close();
  };
  const drop = async (): Promise<void> => {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const wallet = async (network: Network, label?: string): Promise<string> => {
    const input = {
      code: 'wallet_create',
      id: `w-${network}-${label ?? ''}`,
      network,
      ...(label !== undefined && { label }),
    };
    const [output] = (await ask(network === 'ln' ? lnWallet(label) : input)).outputs;
    if (output?.code !== 'wallet_created') throw new Error(`no wallet: ${JSON.stringify(output)}`);
    return output.wallet;
  };
  return { node, doors, config, tills, lines, metrics, dataDir, post, ask, wallet, stop, drop };
}

const environment = (dataDir: string): Record<string, string> => ({
  HOME: dataDir,
  AFPAY_DATA_DIR: dataDir,
  AFPAY_REST_API_KEY: REST_KEY,
  AFPAY_RPC_SECRET: RPC_SECRET,
  AFPAY_MASTER_KEY: '11'.repeat(32),
  AFPAY_REST_LISTEN: '127.0.0.1:0',
  AFPAY_RPC_LISTEN: '127.0.0.1:0',
});

const lnWallet = (label?: string) => ({
  code: 'ln_wallet_create',
  id: `w-ln-${label ?? ''}`,
  backend: 'phoenixd',
  endpoint: 'http://127.0.0.1:9740',
  password_secret: 'hunter2-password',
  ...(label !== undefined && { label }),
});

interface TestNodeOptions {
  toml?: string;
  env?: Record<string, string>;
  clock?: Clock;
  /** Of a node that ran before. */
  dataDir?: string;
  /** Networks beside those of the tills. */
  locals?: LocalProviders;
}
