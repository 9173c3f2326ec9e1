import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { networkSchema, PayError } from '@caravel/pay-protocol';
import type { Network, Output } from '@caravel/pay-protocol';
import type { AfpayDeps } from '../afpay-deps.js';
import type { OwnCommand } from '../command/command.js';
import type { ParsedLine } from '../command/parse-line.js';
import type { OwnOutput } from '../format/own-output.js';
import type { Out } from '../mode/out.js';
import { localFlags } from '../target/open-target.js';
import { UsageError } from '../usage-error.js';
import { askPassphrase } from './ask-passphrase.js';

/** `backup` and `restore`, of everything or of one network. Resolves with 0; throws a PayError for what could not be done. */
export async function runArchive({ command, line, out, deps }: ArchiveRun): Promise<number> {
  const { given, globals } = line;
  if (globals.text('rpc-endpoint') !== undefined) {
    const hint = 'Run it there, without --rpc-endpoint';
    throw new PayError('permission_denied', 'archives are made on the machine of the wallets', { hint });
  }
  const flags = localFlags(globals, deps.env);
  const network = networkSchema.safeParse(command.path[0]).data;
  const folders = (given.list('extra-dir') ?? []).map(folderOf);
  const createdAtUtc = deps.clock
    .now()
    .toISOString()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z/, 'Z');
  const ask: ArchiveAsk = { dataDir: flags.dataDir, network, folders };

  if (command.own === 'backup') {
    const path = resolve(given.text('output') ?? `afpay-${network ?? 'global'}-${createdAtUtc}.backup`);
    if (globals.isOn('dry-run')) {
      await out.say(dryRun(command, { path, ...ask }));
      return 0;
    }
    // Without one there is nothing to keep, and nothing is made to keep it.
    if (!existsSync(flags.dataDir)) throw new PayError('invalid_request', `there is nothing at ${flags.dataDir}`);
    const passphrase = await askPassphrase(given, deps, { isNew: true });
    const { backUp } = await import('./back-up.js');
    await backUp({ ...ask, path, passphrase, createdAtUtc, wallet: given.text('wallet') }, { flags, env: deps.env });
    await out.say(backedUp({ data_dir: flags.dataDir, path, created_at_utc: createdAtUtc }, network));
    return 0;
  }

  const path = resolve(given.words[0] ?? '');
  const passphrase = await askPassphrase(given, deps, { isNew: false });
  const { bringBack, check } = await import('./bring-back.js');
  if (given.isOn('verify') || globals.isOn('dry-run')) {
    const verified = await check(path, passphrase);
    await out.say(globals.isOn('dry-run') ? dryRun(command, { path, ...ask, archive: verified }) : verified);
    return 0;
  }
  const asked = { ...ask, path, passphrase, overwrite: given.isOn('dangerously-overwrite') };
  const kept = await bringBack(asked, { flags, env: deps.env, pgUrl: given.text('pg-url-secret') });
  if (kept !== undefined) await out.say({ code: 'log', event: 'restore', message: kept });
  await out.say(restored({ data_dir: flags.dataDir, path }, network));
  return 0;
}

const dryRun = ({ path }: OwnCommand, params: Readonly<Record<string, unknown>>): Output => ({
  code: 'dry_run',
  command: path.join('_'),
  params,
});

const backedUp = (about: { data_dir: string; path: string; created_at_utc: string }, network?: Network): Output =>
  network === undefined ? { code: 'data_backed_up', ...about } : { code: 'network_data_backed_up', ...about, network };

const restored = (about: { data_dir: string; path: string }, network?: Network): Output | OwnOutput =>
  network === undefined ? { code: 'data_restored', ...about } : { code: 'network_data_restored', ...about, network };

function folderOf(text: string): { label: string; folder: string } {
  const [, label, folder] = /^([a-z0-9][a-z0-9._-]{0,63})=(.+)$/i.exec(text) ?? [];
  if (label === undefined || folder === undefined) throw new UsageError('--extra-dir: not label=/path');
  return { label, folder: resolve(folder) };
}

/** config.toml beside the store. */
export const configFile = (dataDir: string): string => join(dataDir, 'config.toml');

export interface ArchiveAsk {
  dataDir: string;
  network: Network | undefined;
  folders: readonly { label: string; folder: string }[];
}

interface ArchiveRun {
  command: OwnCommand;
  line: ParsedLine;
  out: Out;
  deps: AfpayDeps;
}
