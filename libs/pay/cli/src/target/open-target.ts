import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PayError } from '@caravel/pay-protocol';
import type { Output } from '@caravel/pay-protocol';
import type { AfpayDeps, LocalFlags } from '../afpay-deps.js';
import { logFilters } from '../command/config-commands.js';
import type { Given } from '../command/given.js';
import type { Out } from '../mode/out.js';
import { dryRunOf } from './dry-run.js';
import { remoteTarget } from './remote-target.js';
import type { Target } from './target.js';

/** `--data-dir`, AFPAY_DATA_DIR, AFPAY_HOME, or `~/.afpay`. */
export function dataDirOf(globals: Given, env: AfpayDeps['env']): string {
  const said = globals.text('data-dir') ?? filled(env.AFPAY_DATA_DIR) ?? filled(env.AFPAY_HOME);
  return said ?? join(filled(env.HOME) ?? homedir(), '.afpay');
}

/** The flags that the node in this process reads. */
export function localFlags(globals: Given, env: AfpayDeps['env']): LocalFlags {
  return {
    dataDir: dataDirOf(globals, env),
    restListen: globals.text('rest-listen'),
    rpcListen: globals.text('rpc-listen'),
    restApiKey: globals.text('rest-api-key'),
    rpcSecret: globals.text('rpc-secret'),
    publicListen: globals.isOn('public-listen') || undefined,
  };
}

/**
 * Who does the work: the node of `--rpc-endpoint` or of config.toml, else this process. A dry run opens nothing that is not there
 * yet. Throws a PayError when it can't be had.
 */
export async function openTarget(globals: Given, deps: TargetDeps, { needsStore = true } = {}): Promise<Target> {
  const { env, clock, local, version, out } = deps;
  const nowMs = () => clock.now().getTime();
  // afpay 0.7 writes http://host:port; what is meant is host and port.
  const endpoint = globals
    .text('rpc-endpoint')
    ?.replace(/^https?:\/\//, '')
    .replace(/\/+$/, '');
  const isDryRun = globals.isOn('dry-run');
  if (endpoint !== undefined) {
    if (isDryRun) return understoodOnly({ endpoint });
    const secret = globals.text('rpc-secret') ?? filled(env.AFPAY_RPC_SECRET);
    if (secret === undefined) {
      throw new PayError('invalid_config', '--rpc-endpoint needs a secret', {
        hint: '--rpc-secret or AFPAY_RPC_SECRET',
      });
    }
    return connectTo(dataDirOf(globals, env), {
      endpoint,
      secret,
      protocol: globals.text('rpc-protocol') === 'v1' ? 'v1' : 'v2',
      nowMs,
    });
  }
  const flags = localFlags(globals, env);
  if (isDryRun && !existsSync(flags.dataDir)) return understoodOnly({});
  const { client } = await local.settings(flags);
  if (client)
    return isDryRun ? understoodOnly({ endpoint: client.endpoint }) : connectTo(flags.dataDir, { ...client, nowMs });
  if (isDryRun && !existsSync(join(flags.dataDir, 'afpay.db'))) return understoodOnly({});
  if (!needsStore) return storeless(version);
  const { localTarget } = await import('./local-target.js');
  const log = globals.text('log');
  const filters = log === undefined ? undefined : logFilters(log);
  return localTarget(await local.open(flags, { filters, tell: (event) => void out.say(event) }));
}

async function connectTo(dataDir: string, options: NodeAddress): Promise<Target> {
  const { rpcClient } = await import('@caravel/pay-rpc');
  return remoteTarget(rpcClient(options), { endpoint: options.endpoint, dataDir });
}

/** A dry run where nothing may be opened: the Input as it was read. */
function understoodOnly(more: { endpoint?: string }): Target {
  return {
    handle: () => {
      throw new Error('a dry run asks nobody');
    },
    explain: (input) => Promise.resolve(dryRunOf(input, more)),
    close: () => Promise.resolve(),
  };
}

/** Of this program itself, which is asked without opening anything. */
function storeless(version: string): Target {
  const said: Output = { code: 'version', version, protocol_version: 1, server: `caravel-afpay ${version}` };
  return {
    handle: async function* () {
      yield await Promise.resolve(said);
    },
    explain: (input) => Promise.resolve(dryRunOf(input)),
    close: () => Promise.resolve(),
  };
}

const filled = (text: string | undefined): string | undefined => (text?.trim() ? text : undefined);

type TargetDeps = Pick<AfpayDeps, 'env' | 'clock' | 'local' | 'version'> & { out: Out };

interface NodeAddress {
  endpoint: string;
  secret: string;
  protocol: 'v1' | 'v2';
  nodeId?: Uint8Array | undefined;
  nowMs: () => number;
}
