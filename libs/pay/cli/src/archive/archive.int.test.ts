import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import { localParts } from '../local/local-parts.js';
import { startCli } from '../testing/run-cli.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'afpay-archive-'));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

/** On a machine of its own: its data, its key. */
const on = (machine: string) => {
  const env = { HOME: join(home, machine), AFPAY_BACKUP_PASSPHRASE: 'correct horse battery' };
  return async (...argv: string[]) => {
    const run = startCli(argv, { env, local: localParts({ env, clock: systemClock }) });
    run.stdin.end();
    return { exitCode: await run.done, lines: run.lines(), said: run.said() };
  };
};

test('what one machine had, another has again: limits, and config.toml', async () => {
  const here = on('here');
  mkdirSync(join(home, 'here', '.afpay'), { recursive: true });
  writeFileSync(join(home, 'here', '.afpay', 'config.toml'), 'log = ["pay"]\n');
  await here('limit', 'add', 'network:ln:24h:500sats');
  const path = join(home, 'afpay.backup');
  expect(await here('global', 'backup', '--output', path)).toMatchObject({
    exitCode: 0,
    lines: [{ code: 'data_backed_up', path }],
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);

  const there = on('there');
  expect(await there('global', 'restore', path, '--verify')).toMatchObject({
    exitCode: 0,
    lines: [{ code: 'archive_verified', kind: 'global' }],
  });
  expect(existsSync(join(home, 'there', '.afpay'))).toBe(false);
  expect(await there('global', 'restore', path)).toMatchObject({
    exitCode: 0,
    lines: [{ code: 'data_restored', path }],
  });
  expect((await there('limit', 'list')).lines).toMatchObject([{ limits: [{ text: 'network:ln:24h:500sats' }] }]);
  expect(readFileSync(join(home, 'there', '.afpay', 'config.toml'), 'utf8')).toBe('log = ["pay"]\n');
});

test('a dry run writes no archive, and brings none back', async () => {
  const here = on('here');
  await here('limit', 'list');
  const path = join(home, 'ln.backup');
  expect(await here('ln', 'backup', '--output', path, '--dry-run')).toMatchObject({
    exitCode: 0,
    lines: [{ code: 'dry_run', command: 'ln_backup' }],
  });
  expect(existsSync(path)).toBe(false);
  expect((await here('ln', 'backup', '--output', path)).lines).toMatchObject([
    { code: 'network_data_backed_up', network: 'ln' },
  ]);
  const there = on('there');
  expect(await there('ln', 'restore', path, '--dry-run')).toMatchObject({
    exitCode: 0,
    lines: [{ code: 'dry_run', params: { archive: { kind: 'ln' } } }],
  });
  expect(existsSync(join(home, 'there', '.afpay'))).toBe(false);
  expect(await there('btc', 'restore', path)).toMatchObject({
    exitCode: 1,
    lines: [{ error_code: 'invalid_request' }],
  });
});

test('another passphrase makes nothing, and one that is soon guessed seals nothing', async () => {
  const here = on('here');
  await here('limit', 'list');
  const path = join(home, 'afpay.backup');
  expect(await here('global', 'backup', '--output', path, '--passphrase-secret', 'short')).toMatchObject({
    exitCode: 2,
  });
  await here('global', 'backup', '--output', path);
  const wrong = await on('there')('global', 'restore', path, '--passphrase-secret', 'another passphrase');
  expect(wrong).toMatchObject({ exitCode: 1, lines: [{ code: 'error', error_code: 'invalid_request' }] });
  expect(existsSync(join(home, 'there', '.afpay'))).toBe(false);
});

test('another machine’s archive is not made from here', async () => {
  const run = await on('here')('--rpc-endpoint', '127.0.0.1:1', 'global', 'backup');
  expect(run).toMatchObject({ exitCode: 1, lines: [{ error_code: 'permission_denied' }] });
});
