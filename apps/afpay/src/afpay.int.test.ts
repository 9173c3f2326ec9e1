import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf, SECRET, startRemoteNode } from '@caravel/pay-cli/testing';
import type { Input, Output } from '@caravel/pay-protocol';
import { eventually } from '@caravel/testing';
import { bundleAfpay, startAfpay, startAtTerminal, unpackPackage } from './testing/afpay-process.js';
import type { AfpayRun } from './testing/afpay-process.js';

const sats = (value: bigint) => ({ value, token: 'sats' });
const answer = function* (input: Input): Generator<Output> {
  const id = idOf(input);
  if (input.code === 'send_quote') {
    const fee = { fee_estimate: sats(2n), fee_bound: sats(15n) };
    yield { code: 'send_quote', id, wallet: 'w_1', network: 'ln', amount: sats(500n), ...fee, debits: [] };
  } else if (input.code === 'receive') {
    yield { code: 'receive_info', id, wallet: 'w_1', receive_info: { invoice: `lnbc${'1'.repeat(200)}` } };
  } else if (input.code === 'wallet_list') {
    yield {
      code: 'wallet_list',
      id,
      wallets: [
        { id: 'w_1a2b3c4d', network: 'ln', label: 'pocket', address: 'ln:nwc', created_at_epoch_s: 1_767_225_600 },
      ],
    };
  } else if (id === 'over') {
    const spent = { spent: 1n, max_spend: 1n, remaining_s: 5 };
    yield { code: 'limit_exceeded', id, rule_id: 'r_1', scope: 'network', scope_key: 'ln', ...spent };
  } else if (id === 'ask') {
    yield { code: 'approval_required', id, request_id: id, debits: [], approve_above: 1n, expires_at_epoch_s: 1 };
  } else if (id === 'lost') {
    yield { code: 'outcome_unknown', id, request_id: id, error: 'no answer' };
  } else if (id === 'wrong') {
    yield { code: 'error', id, error_code: 'wallet_not_found', error: 'no such wallet', retryable: false };
  } else yield { code: 'sent', id, wallet: 'w_1', transaction_id: 'ab', amount: sats(500n) };
};

let node: Awaited<ReturnType<typeof startRemoteNode>>;
let elsewhere: string[];
let dir: string;
let run: AfpayRun | undefined;
beforeAll(async () => {
  bundleAfpay();
  node = await startRemoteNode(answer);
  elsewhere = ['--rpc-endpoint', node.endpoint];
});
afterAll(() => node.stop());
beforeEach(() => {
  node.asked.length = 0;
  dir = mkdtempSync(join(tmpdir(), 'afpay-'));
});
afterEach(() => {
  run?.kill();
  rmSync(dir, { recursive: true, force: true });
});

const afpay = (args: readonly string[]) => startAfpay(args, { HOME: dir, AFPAY_RPC_SECRET: SECRET });

describe('the built program', () => {
  test('asks, answers in three forms, and says nothing on stderr', async () => {
    for (const [format, expected] of [
      ['json', /^\{"code":"wallet_list",.*"created_at_epoch_s":1767225600/],
      ['yaml', /^---\ncode: "wallet_list"[^]*created_at: "2026-01-01T00:00:00.000Z"/],
      ['plain', /^code=wallet_list id=\w+ wallets=/],
    ] as const) {
      run = afpay([...elsewhere, 'wallet', 'list', '--output', format]);
      expect(await run.done).toBe(0);
      expect(run.said()).toMatch(expected);
      expect(run.complained()).toBe('');
    }
  });

  test('what is no command ends with 2, as an object on stdout', async () => {
    run = afpay(['ln', 'send']);
    expect(await run.done).toBe(2);
    expect(JSON.parse(run.said())).toMatchObject({ code: 'error', error_code: 'invalid_request' });
    expect(run.complained()).toBe('');
  });

  test('its exit code says how it ended', async () => {
    const ids = ['fine', 'wrong', 'over', 'ask', 'lost'];
    const runs = ids.map((id) => afpay([...elsewhere, 'ln', 'send', '--to', 'lnbc1abc', '--id', id]));
    expect(await Promise.all(runs.map(({ done }) => done))).toEqual([0, 1, 3, 4, 5]);
  });

  test('help is on stdout, for the whole tree and for one command', async () => {
    run = afpay(['--help']);
    expect(await run.done).toBe(0);
    expect(run.said()).toContain('afpay btc receive');
    run = afpay(['ln', 'wallet', 'create', '-h']);
    expect(await run.done).toBe(0);
    expect(run.said()).toMatch(/^afpay ln wallet create --backend B/);
    run = afpay(['--help-markdown']);
    expect(await run.done).toBe(0);
    expect(run.said()).toMatch(/^# afpay\n/);
  });

  test('a pipe answers while it is open, and ends with its input', async () => {
    run = startAfpay([...elsewhere, '--mode', 'pipe'], { HOME: dir, AFPAY_RPC_SECRET: SECRET });
    run.type('{"code":"wallet_list","id":"a"}\n');
    await eventually(() => run?.lines().length === 1);
    run.end();
    expect(await run.done).toBe(0);
    expect(JSON.parse(run.lines().at(-1) ?? '')).toMatchObject({ code: 'close' });
  });

  test('--dry-run leaves nothing behind, and asks nobody', async () => {
    for (const where of [[], elsewhere]) {
      run = afpay([...where, '--dry-run', 'cashu', 'send', '--amount-sats', `${10n ** 30n}`]);
      expect(await run.done).toBe(0);
      expect(run.said()).toContain(`"${10n ** 30n}"`);
    }
    expect(existsSync(join(dir, '.afpay'))).toBe(false);
    expect(node.asked).toEqual([]);
  });
});

describe('as a node for others', () => {
  const KEY = 'rest-0123456789abcdef0123456789abcdef';
  const serve = async (mode: 'rest' | 'rpc', env: Readonly<Record<string, string>>) => {
    const args = ['--mode', mode, `--${mode}-listen`, '127.0.0.1:0'];
    run = startAfpay(args, { HOME: dir, OPS_PORT: '0', ...env });
    const mine = run;
    const address = () => /"(?:restUrl|rpcAddress)":"(.*?)"/.exec(mine.said() + mine.complained())?.[1];
    return { served: mine, address: await eventually(address, { timeoutMs: 20_000 }) };
  };

  test('it answers over HTTP whoever has the key, and a SIGTERM ends it with 0', async () => {
    const { served, address } = await serve('rest', { AFPAY_REST_API_KEY: KEY });
    const ask = (key: string) =>
      fetch(`${address}/v1/afpay`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: '{"code":"wallet_list","id":"a"}',
      });
    expect((await ask('another')).status).toBe(401);
    const answer = await ask(KEY);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject([{ code: 'wallet_list', id: 'a', wallets: [] }]);
    served.stop();
    expect(await served.done).toBe(0);
    expect(served.said() + served.complained()).not.toContain(KEY);
  });

  test('it answers another afpay over RPC, and a SIGTERM ends it with 0', async () => {
    const { served, address } = await serve('rpc', { AFPAY_RPC_SECRET: SECRET });
    const asking = afpay(['--rpc-endpoint', address, 'wallet', 'list']);
    expect(await asking.done).toBe(0);
    expect(JSON.parse(asking.said())).toMatchObject({ code: 'wallet_list', wallets: [] });
    served.stop();
    expect(await served.done).toBe(0);
    expect(served.said() + served.complained()).not.toContain(SECRET);
  });
});

test('the package that npm makes of it runs alone, with a store', async () => {
  const program = unpackPackage(dir);
  run = startAfpay(['wallet', 'list'], { HOME: join(dir, 'home') }, program);
  expect(await run.done).toBe(0);
  expect(JSON.parse(run.said())).toMatchObject({ code: 'wallet_list', wallets: [] });
  run = startAfpay(['--version'], {}, program);
  await run.done;
  const manifest = readFileSync(join(dir, 'package', 'package.json'), 'utf8');
  expect(run.said()).toBe(`afpay ${(JSON.parse(manifest) as { version: string }).version}\n`);
});

describe('at a terminal', () => {
  const session = async () => {
    run = startAtTerminal([...elsewhere, '--mode', 'interactive'], { HOME: dir, AFPAY_RPC_SECRET: SECRET });
    const mine = run;
    await eventually(() => mine.said().includes('afpay> '));
    /** Types and waits for what it leads to; what was said before does not count. */
    const type = async (text: string, expected: string) => {
      const before = mine.said().length;
      mine.type(text);
      await eventually(() => mine.said().slice(before).includes(expected));
      return mine.said().slice(before);
    };
    return { run: mine, type };
  };

  test('money leaves only after a yes, and the price is said before', async () => {
    mkdirSync(join(dir, '.afpay'));
    const { run, type } = await session();
    const asked = await type('ln send --to lnbc1abc\r', 'Pay? [y/N] ');
    expect(asked).toContain('Pays 500 sats from w_1; fee 2 sats, at most 15 sats');
    await type('n\r', 'Nothing was paid.');
    expect(node.asked.map(({ code }) => code)).toEqual(['send_quote']);

    await type('ln send --to lnbc1abc\r', 'Pay? [y/N] ');
    await type('y\r', '"code":"sent"');
    expect(node.asked.map(({ code }) => code)).toEqual(['send_quote', 'send_quote', 'send']);
    run.type('quit\r');
    expect(await run.done).toBe(0);
  });

  test('an invoice is also a code to scan', async () => {
    const { type } = await session();
    const said = await type('ln receive --amount-sats 5\r', '█▀');
    expect(said).toContain('"code":"receive_info"');
  });

  test('Tab completes words, flags and the wallets that were seen', async () => {
    const { type } = await session();
    await type('wallet list --output yaml\r', 'label: "pocket"');
    await type('ln bal\t', 'balance');
    await type('--wal\t', '--wallet');
    await type('poc\t', 'pocket');
    await type('\r', '"code":"sent"');
    expect(node.asked.at(-1)).toMatchObject({ code: 'balance', network: 'ln', wallet: 'pocket' });
  });

  test('a wallet in use is meant where none is named', async () => {
    const { type } = await session();
    await type('use pocket\r', 'afpay(pocket)> ');
    await type('ln balance\r', '"code":"sent"');
    await type('version\r', '"code":"sent"');
    expect(node.asked).toMatchObject([{ code: 'balance', wallet: 'pocket' }, { code: 'version' }]);
  });

  test('the history is its owner’s alone, and holds no line with a secret', async () => {
    mkdirSync(join(dir, '.afpay'));
    const { run, type } = await session();
    await type('wallet list\r', '"code":"wallet_list"');
    await type('ln wallet create --backend nwc --nwc-uri-secret hunter2\r', '"code":"sent"');
    await type('receive --cashu-token cashuBo2FteBtodHRwczovL21pbnQ\r', '"code":"sent"');
    await type("ln send --to 'lnbc1\r", 'a quote is not closed');
    run.type('\u0004');
    expect(await run.done).toBe(0);
    const file = join(dir, '.afpay', '.afpay_history');
    expect(readFileSync(file, 'utf8')).toBe('wallet list\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
