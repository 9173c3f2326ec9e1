import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Input, Output } from '@caravel/pay-protocol';
import { eventually, startTcpProxy } from '@caravel/testing';
import { idOf, SECRET, startRemoteNode } from './testing/remote-node.js';
import { noLocal, startCli } from './testing/run-cli.js';

const sats = (value: bigint) => ({ value, token: 'sats' });
let node: Awaited<ReturnType<typeof startRemoteNode>> | undefined;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'afpay-cli-'));
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await node?.stop();
  node = undefined;
});

const remote = async (answer: (input: Input) => AsyncIterable<Output> | Iterable<Output>, options = {}) => {
  node = await startRemoteNode(answer, options);
  return ['--rpc-endpoint', node.endpoint, '--rpc-secret', SECRET];
};
const sent = (input: Input): Output => ({
  code: 'sent',
  id: idOf(input),
  wallet: 'w_1',
  transaction_id: 'ab',
  amount: sats(1n),
});

describe('one command, asked of a node elsewhere', () => {
  const ENDS: [string, number, (input: Input) => Output][] = [
    ['sent', 0, sent],
    [
      'a limit',
      3,
      (input) => ({
        code: 'limit_exceeded',
        id: idOf(input),
        rule_id: 'r_1',
        scope: 'network',
        scope_key: 'ln',
        spent: 1n,
        max_spend: 1n,
        remaining_s: 5,
      }),
    ],
    [
      'a needed approval',
      4,
      (input) => ({
        code: 'approval_required',
        id: idOf(input),
        request_id: idOf(input),
        debits: [],
        approve_above: 1n,
        expires_at_epoch_s: 1,
      }),
    ],
    [
      'an unknown outcome',
      5,
      (input) => ({ code: 'outcome_unknown', id: idOf(input), request_id: idOf(input), error: 'no answer' }),
    ],
    [
      'an error',
      1,
      (input) => ({ code: 'error', id: idOf(input), error_code: 'wallet_not_found', error: 'no', retryable: false }),
    ],
  ];
  test.each(ENDS)('%s ends with %i', async (_what, exitCode, answer) => {
    const flags = await remote((input) => [answer(input)]);
    const run = startCli([...flags, 'ln', 'send', '--to', 'lnbc1abc', '--id', 'mine']);
    expect(await run.done).toBe(exitCode);
    expect(run.lines()).toMatchObject([{ id: 'mine' }]);
    expect(node?.asked).toMatchObject([{ code: 'send', id: 'mine', to: 'lnbc1abc', network: 'ln' }]);
  });

  test('where to pay is shown before anybody waits for the money', async () => {
    let pay: () => void = () => undefined;
    const paid = new Promise<void>((resolve) => (pay = resolve));
    const flags = await remote(async function* (input) {
      yield { code: 'receive_info', id: idOf(input), wallet: 'w_1', receive_info: { invoice: 'lnbc1' } };
      // Two, so that the first is certainly sent.
      yield { code: 'log', event: 'wallet', request_id: idOf(input) };
      await paid;
      yield { code: 'receive_claimed', id: idOf(input), wallet: 'w_1', amount: sats(5n) };
    });
    const run = startCli([...flags, 'ln', 'receive', '--amount-sats', '5', '--wait']);
    await eventually(() => run.lines()[0]?.code === 'receive_info');
    pay();
    expect(await run.done).toBe(0);
    expect(run.lines().map(({ code }) => code)).toEqual(['receive_info', 'log', 'receive_claimed']);
  });

  test('a payment whose answer is lost has an unknown outcome, and says how to ask; a question that is lost has failed', async () => {
    node = await startRemoteNode(async function* () {
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref());
      yield { code: 'close', message: 'never' };
    });
    const asked = node.asked;
    const proxy = await startTcpProxy(node.endpoint);
    const flags = ['--rpc-endpoint', proxy.address, '--rpc-secret', SECRET];
    const run = startCli([...flags, 'ln', 'send', '--to', 'lnbc1abc', '--id', 'mine']);
    const look = startCli([...flags, 'wallet', 'list']);
    await eventually(() => asked.length === 2);
    proxy.stop();
    expect([await run.done, await look.done]).toEqual([5, 1]);
    expect(run.lines()).toMatchObject([{ code: 'outcome_unknown', request_id: 'mine' }]);
    expect(run.said()).toContain('payment status --request-id mine');
    expect(look.lines()).toMatchObject([{ code: 'error', error_code: 'unavailable', retryable: true }]);
  });

  test('what is done only on the machine of the wallets is not even asked', async () => {
    const flags = await remote((input) => [sent(input)]);
    const run = startCli([...flags, 'wallet', 'dangerously-show-seed', '--wallet', 'W']);
    expect(await run.done).toBe(1);
    expect(run.lines()).toMatchObject([{ error_code: 'permission_denied' }]);
    expect(node?.asked).toEqual([]);
  });

  test('the picture of an invoice is written here, not where the wallet is', async () => {
    const flags = await remote((input) => [
      { code: 'receive_info', id: idOf(input), wallet: 'w_1', receive_info: { invoice: 'lnbc1' } },
    ]);
    const run = startCli([...flags, '--data-dir', dir, 'ln', 'receive', '--amount-sats', '5', '--qr-svg-file']);
    expect(await run.done).toBe(0);
    const path = String(run.lines()[0]?.qr_svg_path);
    expect(path.startsWith(join(dir, 'qr-codes'))).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(/^<svg /);
    expect(node?.asked[0]).not.toHaveProperty('write_qr_svg_file');
  });

  test('afpay 0.7 is spoken to when told so', async () => {
    const flags = await remote((input) => [sent(input)], { acceptsV1: true });
    const run = startCli([...flags, '--rpc-protocol', 'v1', 'ln', 'send', '--to', 'lnbc1abc']);
    expect(await run.done).toBe(0);
    expect(run.lines()).toMatchObject([{ code: 'sent' }]);
  });

  test('limits of that node stand under its address, as afpay 0.7 shows them', async () => {
    const limit = {
      rule_id: 'r_1',
      scope: 'network',
      network: 'ln',
      window_s: 60,
      max_spend: 5n,
      spent: 0n,
      remaining: 5n,
      window_reset_s: 0,
    };
    const flags = await remote((input) => [{ code: 'limit_status', id: idOf(input), limits: [limit], downstream: [] }]);
    const run = startCli([...flags, 'limit', 'list']);
    expect(await run.done).toBe(0);
    expect(run.lines()).toMatchObject([
      { limits: [], downstream: [{ name: node?.endpoint, limits: [{ rule_id: 'r_1' }] }] },
    ]);
  });
});

describe('--dry-run', () => {
  test.each([['cli'], ['pipe']])('asks nobody and writes nothing, elsewhere or here, in mode %s', async (mode) => {
    const flags = await remote((input) => [sent(input)]);
    for (const where of [flags, ['--data-dir', join(dir, 'absent')]]) {
      const words = mode === 'cli' ? ['ln', 'send', '--to', 'lnbc1abc', '--id', 'mine'] : ['--mode', 'pipe'];
      const run = startCli([...where, '--dry-run', ...words]);
      run.stdin.end('{"code":"send","id":"mine","to":"lnbc1abc","network":"ln"}\n');
      expect(await run.done).toBe(0);
      expect(run.lines()[0]).toMatchObject({
        code: 'dry_run',
        id: 'mine',
        command: 'send',
        params: { to: 'lnbc1abc' },
      });
    }
    expect(node?.asked).toEqual([]);
    expect(existsSync(join(dir, 'absent'))).toBe(false);
  });

  const REST: [string, string[]][] = [
    ['reconcile', ['reconcile']],
    ['doctor', ['doctor']],
    ['rpc', ['--mode', 'rpc', '--rpc-secret', 'hunter2']],
    ['rest', ['--mode', 'rest', '--rest-api-key', 'hunter2']],
  ];
  test.each(REST)('says of %s that it would be done', async (command, words) => {
    for (const folder of [dir, join(dir, 'absent')]) {
      const run = startCli([...words, '--dry-run', '--data-dir', folder]);
      expect(await run.done).toBe(0);
      expect(run.lines()).toMatchObject([{ code: 'dry_run', command }]);
      expect(run.said()).not.toContain('hunter2');
    }
  });

  test('hides the secrets of what it understood', async () => {
    const words = [
      'ln',
      'wallet',
      'create',
      '--backend',
      'phoenixd',
      '--endpoint',
      'http://h',
      '--password-secret',
      'hunter2',
    ];
    for (const format of ['json', 'yaml', 'plain']) {
      const run = startCli([
        '--data-dir',
        join(dir, 'absent'),
        '--dry-run',
        '--log',
        'all',
        '--output',
        format,
        ...words,
      ]);
      expect(await run.done).toBe(0);
      expect(run.said()).toContain('dry_run');
      expect(run.said()).not.toContain('hunter2');
    }
  });
});

describe('a pipe', () => {
  test('answers several requests at once, keeps the order within each, and ends at the end of the input', async () => {
    const gates = new Map<string, () => void>();
    const flags = await remote(async function* (input) {
      const id = idOf(input);
      for (const part of [1, 2, 3]) {
        yield { code: 'log', event: `part_${part}`, request_id: id };
        if (part === 1) await new Promise<void>((resolve) => gates.set(id, resolve));
      }
      yield sent(input);
    });
    const run = startCli([...flags, '--mode', 'pipe']);
    run.stdin.write('{"code":"wallet_list","id":"a"}\n\n{"code":"wallet_list","id":"b"}\nnot json\n');
    await eventually(() => gates.size === 2);
    gates.get('b')?.();
    await eventually(() => run.lines().some(({ id, code }) => id === 'b' && code === 'sent'));
    expect(run.lines().some(({ id }) => id === 'a')).toBe(false);
    gates.get('a')?.();
    run.stdin.end();
    expect(await run.done).toBe(0);

    for (const name of ['a', 'b']) {
      const mine = run.lines().filter(({ id, request_id }) => id === name || request_id === name);
      expect(mine.map(({ event, code }) => event ?? code)).toEqual(['part_1', 'part_2', 'part_3', 'sent']);
    }
    expect(run.lines()).toContainEqual(expect.objectContaining({ code: 'error', error_code: 'invalid_request' }));
    expect(run.lines().at(-1)).toMatchObject({ code: 'close', message: 'shutdown', trace: { requests_total: 2 } });
  });

  test('ends at `close`, and hears nothing after it', async () => {
    const flags = await remote((input) => [sent(input)]);
    const run = startCli([...flags, '--mode', 'pipe']);
    run.stdin.write('{"code":"wallet_list","id":"a"}\n{"code":"close"}\n{"code":"wallet_list","id":"b"}\n');
    expect(await run.done).toBe(0);
    expect(node?.asked).toMatchObject([{ id: 'a' }]);
    expect(run.lines().map(({ code }) => code)).toEqual(['sent', 'close']);
  });

  test('carries every digit of an amount, written as a number or as a text', async () => {
    const edges = [2n ** 53n, 2n ** 63n, 2n ** 64n].flatMap((around) => [around - 1n, around, around + 1n]);
    const amounts = [...edges, 10n ** 30n];
    const flags = await remote((input) => [
      {
        code: 'cashu_received',
        id: idOf(input),
        wallet: 'w_1',
        amount: 'amount' in input && input.amount ? input.amount : sats(0n),
      },
    ]);
    const run = startCli([...flags, '--mode', 'pipe']);
    for (const amount of amounts) {
      run.stdin.write(`{"code":"cashu_send","id":"n${amount}","amount":{"value":${amount},"token":"sats"}}\n`);
      run.stdin.write(`{"code":"cashu_send","id":"s${amount}","amount":{"value":"${amount}","token":"sats"}}\n`);
    }
    run.stdin.end();
    expect(await run.done).toBe(0);
    for (const amount of amounts) {
      for (const kind of ['n', 's']) {
        const answer = run.lines().find(({ id }) => id === `${kind}${amount}`);
        expect(String((answer?.amount as { value: unknown }).value)).toBe(String(amount));
        expect(node?.asked).toContainEqual(expect.objectContaining({ id: `${kind}${amount}`, amount: sats(amount) }));
      }
      const words = ['cashu', 'send', '--amount-sats', String(amount), '--id', `c${amount}`];
      expect(await startCli([...flags, ...words]).done).toBe(0);
      expect(node?.asked).toContainEqual(expect.objectContaining({ id: `c${amount}`, amount: sats(amount) }));
    }
  });
});

describe('what is no command', () => {
  const LINES: [string[]][] = [
    [[]],
    [['nonsense']],
    [['ln', 'send']],
    [['--mode', 'tui']],
    [['--mode', 'pipe', 'wallet', 'list']],
    [['wallet', 'list', '--output', 'xml']],
    [['history', 'list', '--limit', '0']],
    [['ln', 'send', '--to', 'lnbc1', '--id', '']],
  ];
  test.each(LINES)('%p ends with 2 and says so on stdout', async (argv) => {
    const run = startCli(argv);
    expect(await run.done).toBe(2);
    expect(run.lines()).toMatchObject([
      { code: 'error', error_code: 'invalid_request', retryable: false, trace: { duration_ms: 0 } },
    ]);
  });

  test('a mistake of ours is told like any failure: on stdout, with 1, and without what looks like a secret', async () => {
    const open = () => Promise.reject(new Error('cannot read postgres://ann:hunter2@db/pay'));
    const run = startCli(['wallet', 'list', '--data-dir', dir], { local: { ...noLocal, open } });
    expect(await run.done).toBe(1);
    expect(run.lines()).toMatchObject([{ code: 'error', error_code: 'internal_error' }]);
    expect(run.said()).not.toContain('hunter2');
  });

  test('a node without its secret is not asked', async () => {
    const run = startCli(['--rpc-endpoint', '127.0.0.1:1', 'wallet', 'list']);
    expect(await run.done).toBe(1);
    expect(run.lines()).toMatchObject([{ error_code: 'invalid_config' }]);
  });
});
