import { randomBytes } from 'node:crypto';
import { manualClock } from '@caravel/domain';
import type { Output } from '@caravel/pay-protocol';
import { parseInput, parseJson } from '@caravel/pay-protocol';
import { Client, credentials, status } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/grpc-js';
import { unary } from '../client/channel.js';
import { isStatus } from '../client/rpc-error.js';
import { rpcClient } from '../client/rpc-client.js';
import type { RpcClientOptions } from '../client/rpc-client.js';
import { openSession } from '../client/rpc-session.js';
import type { SealedRequest } from '../messages.js';
import type { HandleRpc, RpcCall } from '../server/rpc-handler.js';
import { startRpcServer } from '../server/start-rpc-server.js';
import type { RpcServerOptions } from '../server/start-rpc-server.js';
import { METHODS } from '../service.js';
import { METHOD_V2, sealRequest } from '../v2/envelope-v2.js';
import type { MethodV2 } from '../v2/envelope-v2.js';

export const SECRET = '0123456789abcdef0123456789abcdef';
export const sent = (id: string): Output => ({
  code: 'sent',
  id,
  wallet: 'w_1',
  transaction_id: 'ab',
  amount: { value: 1n, token: 'sats' },
});

/** A node that says `sent` to a `send`, and both Outputs to a `receive`; it remembers every call it executed. */
export async function startNode(options: Partial<RpcServerOptions> = {}) {
  const calls: RpcCall[] = [];
  const clock = manualClock(1_800_000_000);
  const handle: HandleRpc = async function* (call) {
    calls.push(call);
    const input = parseInput(parseJson(call.text));
    const id = 'id' in input ? input.id : '';
    if (input.code === 'receive') {
      yield { output: { code: 'receive_info', id, wallet: 'w_1', receive_info: { invoice: 'lnbc1' } }, isLast: false };
      await Promise.resolve();
      yield {
        output: { code: 'receive_claimed', id, wallet: 'w_1', amount: { value: 1n, token: 'sats' } },
        isLast: true,
      };
    } else yield { output: sent(id), isLast: true };
  };
  const server = await startRpcServer({
    listen: '127.0.0.1:0',
    secrets: [{ keyName: 'default', secret: SECRET }],
    nodeId: randomBytes(16),
    nowMs: () => clock.now().getTime(),
    acceptsV1: false,
    handle,
    ...options,
  });
  const nowMs = () => clock.now().getTime();
  const client = (more: Partial<RpcClientOptions> = {}) =>
    rpcClient({ endpoint: server.address, secret: SECRET, nowMs, ...more });
  return { server, calls, clock, client, attacker: attacker(server.address, nowMs), stop: () => server.stop(0) };
}

const nameOf = (error: unknown): string =>
  Object.keys(status).find((name) => isStatus(error, status[name as keyof typeof status])) ?? String(error);

/** Sends what no honest client sends, and says which status came back; `OK` for an answer. */
function attacker(endpoint: string, nowMs: () => number) {
  const channel = new Client(endpoint, credentials.createInsecure(), { 'grpc.enable_retries': 0 });
  const deadline = () => new Date(Date.now() + 10_000);
  const raw = async <Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
  ): Promise<string> => {
    try {
      await unary(channel, method, { request, deadline: deadline() });
      return 'OK';
    } catch (error) {
      return nameOf(error);
    }
  };
  return {
    raw,
    channel,
    call2: (request: SealedRequest) => raw(METHODS.Call2, request),
    seal: async (input: object, { sentAtMs = nowMs(), secret = SECRET, method = METHOD_V2.Call2 }: SealHow = {}) => {
      const session = await openSession(channel, { secret, pinned: undefined, deadline: deadline() });
      const nonce = session.newNonce();
      const body = Buffer.from(JSON.stringify(input));
      const ciphertext = sealRequest(session.keys.request, { method, nonce, sentAtMs, body });
      return { keyId: session.keys.keyId, epoch: session.epoch, nonce, ciphertext };
    },
    close: () => {
      channel.close();
    },
  };
}

interface SealHow {
  sentAtMs?: number;
  secret?: string;
  method?: MethodV2;
}
