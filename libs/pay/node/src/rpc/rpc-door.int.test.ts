import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@caravel/domain';
import type { Input, Output } from '@caravel/pay-protocol';
import { createLogger } from '@caravel/service';
import { readConfig } from '../config/read-config.js';
import { answerCall } from '../door/answer-call.js';
import { keyRates } from '../door/key-rates.js';
import { fakePay, replies } from '../testing/fake-pay.js';
import type { FakeHandle } from '../testing/fake-pay.js';
import { startRpcDoor } from './start-rpc-door.js';

const { rpcClient } = await import('@caravel/pay-rpc');

const SECRET = '0123456789abcdef0123456789abcdef';
const PREVIOUS = 'fedcba9876543210fedcba9876543210';
const AGENT = '00112233445566778899aabbccddeeff';
const nowMs = () => systemClock.now().getTime();
const idOf = (input: Input) => ('id' in input ? input.id : undefined);
const sent = (input: Input, value = 1n): Output => ({
  code: 'sent',
  id: idOf(input),
  wallet: 'w_1',
  transaction_id: 'ab',
  amount: { value, token: 'sats' },
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(
  handle: FakeHandle,
  { flags = {}, env = {} }: { flags?: object; env?: Record<string, string> } = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'pay-rpc-'));
  const { config } = readConfig({
    env: { AFPAY_DATA_DIR: dataDir, AFPAY_RPC_SECRET: SECRET, ...env },
    flags: { rpcListen: '127.0.0.1:0', ...flags },
  });
  rmSync(dataDir, { recursive: true });
  const agent = { keyName: 'agent', isLocal: false, role: 'viewer', networks: ['ln'] } as const;
  const [main] = config.keys;
  const keys = [
    ...(main ? [{ ...main, rpcSecrets: [...main.rpcSecrets, PREVIOUS] }] : []),
    { caller: agent, apiKeyHashes: [], rpcSecrets: [AGENT] },
  ];
  const { pay, calls } = fakePay(handle);
  const log = createLogger({ service: 'test', level: 'silent' });
  const answer = answerCall({ pay, log, count: () => undefined });
  const door = await startRpcDoor(
    { ...config, keys },
    { answer, admit: keyRates(undefined, nowMs), nodeId: randomBytes(16), nowMs },
  );
  closing.push(() => door.stop(100));
  const client = (secret: string, protocol: 'v1' | 'v2' = 'v2') => {
    const made = rpcClient({ endpoint: door.address, secret, protocol, nowMs });
    closing.push(() => {
      made.close();
    });
    return made;
  };
  return { client, calls };
}

const SEND: Input = { code: 'send', id: 'a', to: 'lnbc1' };

describe('the RPC door', () => {
  it('knows whose secret sealed a call; while it is changed, the current and the previous are one key', async () => {
    const { client, calls } = await start(replies((input) => [sent(input)]));
    await client(SECRET).call(SEND);
    await client(PREVIOUS).call(SEND);
    await client(AGENT).call(SEND);
    expect(calls.map(({ call }) => call.caller.keyName)).toEqual(['default', 'default', 'agent']);
    expect(calls[2]?.call.caller).toMatchObject({ role: 'viewer', networks: ['ln'], isLocal: false });
    await expect(client('ffffffffffffffffffffffffffffff00').call(SEND)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('streams each Output when it is there', async () => {
    let pay: () => void = () => undefined;
    const paid = new Promise<void>((resolve) => {
      pay = resolve;
    });
    const { client } = await start(async function* (input) {
      const id = idOf(input);
      yield { output: { code: 'receive_info', id, wallet: 'w_1', receive_info: { invoice: 'lnbc1' } }, isLast: false };
      await paid;
      yield { output: sent(input), isLast: true };
    });
    const stream = client(SECRET).watch({ code: 'receive', id: 'r', wait_until_paid: true })[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ code: 'receive_info' });
    pay();
    expect((await stream.next()).value).toMatchObject({ code: 'sent' });
    expect((await stream.next()).done).toBe(true);
  });

  it('refuses an Input that is no Input inside a good answer', async () => {
    const { client, calls } = await start(replies((input) => [sent(input)]));
    const broken = { code: 'send', id: 'a' } as Input;
    expect(await client(SECRET).call(broken)).toEqual([
      expect.objectContaining({ error_code: 'invalid_request', id: 'a' }),
    ]);
    const local: Input = { code: 'limit_remove', id: 'a', rule_id: 'r_1' };
    expect(await client(SECRET).call(local)).toMatchObject([{ error_code: 'permission_denied' }]);
    expect(calls).toHaveLength(1);
  });

  it('speaks as afpay 0.7 in envelope v1: its version, its integers, its sessions', async () => {
    const version: Output = { code: 'version', version: '0.1.0', protocol_version: 1 };
    const { client, calls } = await start(
      replies((input) => [input.code === 'version' ? version : sent(input, 2n ** 64n - 1n)]),
    );
    const original = client(SECRET, 'v1');
    expect(await original.call({ code: 'version' })).toMatchObject([{ version: '0.7.0', server: '0.1.0' }]);
    const session: Input = { ...SEND, id: 'session_1' };
    expect(await original.call(session)).toMatchObject([{ id: 'session_1', amount: { value: 2n ** 64n - 1n } }]);
    await original.call(session);
    const [, first, second] = calls;
    expect(first && idOf(first.input)).not.toBe(second && idOf(second.input));
    expect(first?.call.v1Nonce).toHaveLength(12);
    await client(SECRET).call(SEND);
    expect(calls[3]?.call.v1Nonce).toBeUndefined();
  });

  it('takes envelope v1 where others can reach it only when it is told to', async () => {
    const flags = { publicListen: true, rpcListen: '0.0.0.0:0' };
    const { client } = await start(
      replies((input) => [sent(input)]),
      { flags },
    );
    await expect(client(SECRET, 'v1').call(SEND)).rejects.toMatchObject({ code: 'peer_speaks_v1' });
    expect(await client(SECRET).call(SEND)).toMatchObject([{ code: 'sent' }]);
  });

  it('does not open for others unless it is meant to', async () => {
    const handle = replies((input) => [sent(input)]);
    await expect(start(handle, { flags: { rpcListen: '0.0.0.0:0' } })).rejects.toThrow(
      'can be reached from other machines',
    );
  });
});
