import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import { idOf, SECRET, startRemoteNode } from '../testing/remote-node.js';
import { startCli } from '../testing/run-cli.js';
import { localParts } from './local-parts.js';

let home: string;
let node: Awaited<ReturnType<typeof startRemoteNode>> | undefined;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'afpay-local-'));
});
afterEach(async () => {
  await node?.stop();
  node = undefined;
  rmSync(home, { recursive: true, force: true });
});

const dataDir = () => join(home, '.afpay');
const afpay = async (...argv: string[]) => {
  const env = { HOME: home };
  const run = startCli(argv, { env, local: localParts({ env, clock: systemClock }) });
  run.stdin.end();
  return { exitCode: await run.done, lines: run.lines(), said: run.said() };
};
const writeConfig = (text: string) => {
  mkdirSync(dataDir(), { recursive: true });
  writeFileSync(join(dataDir(), 'config.toml'), text);
};

test('what one command wrote the next one reads, and the key is not beside the data', async () => {
  const added = await afpay('limit', 'add', 'network:evm:24h:1000000000000000000000000000000wei');
  expect(added).toMatchObject({ exitCode: 0, lines: [{ code: 'limit_added' }] });
  const { lines } = await afpay('limit', 'list');
  expect(String(lines[0]?.limits && (lines[0].limits as { max_spend: unknown }[])[0]?.max_spend)).toBe(`${10n ** 30n}`);
  expect(existsSync(join(dataDir(), 'afpay.db'))).toBe(true);
  expect(existsSync(join(home, '.config', 'afpay', 'master.key'))).toBe(true);
});

test('a dry run names the limits that watch a payment, and leaves the store as it is', async () => {
  await afpay('limit', 'add', 'network:ln:24h:500sats');
  const before = readFileSync(join(dataDir(), 'afpay.db'));
  const { exitCode, lines } = await afpay('ln', 'send', '--to', 'lnbc1abc', '--dry-run', '--id', 'mine');
  expect(exitCode).toBe(0);
  expect(lines).toMatchObject([
    {
      code: 'dry_run',
      command: 'send',
      params: { to: 'lnbc1abc' },
      limits: [{ text: 'network:ln:24h:500sats', remaining: 500 }],
    },
  ]);
  expect(readFileSync(join(dataDir(), 'afpay.db')).equals(before)).toBe(true);
  expect((await afpay('payment', 'status', '--request-id', 'mine')).lines).toMatchObject([{ state: 'never_seen' }]);
});

test('a network without a wallet here is an error with 1, in a pipe and alone', async () => {
  const { exitCode, lines } = await afpay('ln', 'send', '--to', 'lnbc1abc');
  expect(exitCode).toBe(1);
  expect(lines).toMatchObject([{ code: 'error', error_code: 'wallet_not_found' }]);
});

test('which version this is needs no store', async () => {
  expect(await afpay('version')).toMatchObject({ exitCode: 0, lines: [{ code: 'version', protocol_version: 1 }] });
  expect(existsSync(dataDir())).toBe(false);
});

test('commands go where config.toml sends them, and nothing is opened here', async () => {
  node = await startRemoteNode((input) => [{ code: 'history', id: idOf(input), items: [] }]);
  writeConfig(`rpc_endpoint = "${node.endpoint}"\nrpc_secret = "${SECRET}"\n`);
  expect(await afpay('history', 'list')).toMatchObject({ exitCode: 0, lines: [{ code: 'history' }] });
  expect(node.asked).toMatchObject([{ code: 'history' }]);
  expect(existsSync(join(dataDir(), 'afpay.db'))).toBe(false);
});

test('the doctor opens every node, finds the one that is dead and the one with another secret, and warns of a shared one', async () => {
  node = await startRemoteNode(() => [{ code: 'version', version: '0.1.0', protocol_version: 1 }]);
  const entry = (name: string, endpoint: string, secret: string) =>
    `[afpay_rpc.${name}]\nendpoint = "${endpoint}"\nendpoint_secret = "${secret}"\n`;
  writeConfig(
    entry('alive', node.endpoint, SECRET) +
      entry('dead', '127.0.0.1:1', SECRET) +
      entry('stranger', node.endpoint, 'another secret of 32 bytes or more') +
      'unheard_of = 1\n',
  );
  const { exitCode, lines, said } = await afpay('doctor');
  expect(exitCode).toBe(1);
  const checks = (lines[0]?.checks ?? []) as { name: string; ok: boolean; error?: string }[];
  expect(Object.fromEntries(checks.map(({ name, ok }) => [name, ok]))).toMatchObject({
    store: true,
    clock: true,
    'afpay_rpc alive': true,
    'afpay_rpc dead': false,
    'afpay_rpc stranger': false,
  });
  expect(lines[0]?.warnings).toContainEqual(expect.stringMatching(/alive and dead have the same secret/));
  expect(lines[0]?.warnings).toContainEqual(expect.stringContaining('unheard_of'));
  expect(said).not.toContain(SECRET);
}, 40_000);

test('one round over what is not finished can be asked for', async () => {
  expect(await afpay('reconcile')).toMatchObject({ exitCode: 0, lines: [{ code: 'reconciled', open: 0 }] });
});

test('a config.toml that is none ends with 1 before anything is opened, and shows no value of it', async () => {
  writeConfig('rpc_secret = "hunter2hunter2\n');
  const { exitCode, said } = await afpay('wallet', 'list');
  expect(exitCode).toBe(1);
  expect(said).toContain('invalid_config');
  expect(said).not.toContain('hunter2');
});

test('events are told to whoever asks for them by the beginning of their names, without secrets', async () => {
  const words = ['limit', 'add', 'network:ln:24h:500sats', '--id', 'mine'];
  const { lines } = await afpay(...words, '--log', 'wal,pay');
  expect(lines).toMatchObject([
    { code: 'log', event: 'startup', argv: expect.arrayContaining(['limit', 'add']) },
    { code: 'log', event: 'wallet', request_id: 'mine', input: 'limit_add' },
    { code: 'limit_added' },
  ]);
  expect((await afpay(...words, '--log', 'unheard')).lines.map(({ code }) => code)).toEqual(['log', 'limit_added']);
  expect((await afpay(...words)).lines.map(({ code }) => code)).toEqual(['limit_added']);
});
