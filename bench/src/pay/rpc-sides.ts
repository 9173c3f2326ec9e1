import { randomBytes } from 'node:crypto';
import { parseJson } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import { startRpcServer } from '@caravel/pay-rpc';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { MethodDefinition, sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';

export const SECRET = '0123456789abcdef0123456789abcdef';

/** 300 bytes of JSON: a payment of an ordinary invoice. */
export function inputOf(id: string): Input {
  const input = { code: 'send' as const, id, wallet: 'w_1a2b3c4d', to: 'lnbc10u1p' };
  return { ...input, to: input.to + BECH32.repeat(8).slice(0, 300 - JSON.stringify(input).length) };
}
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

const outputOf = (id: string): Output => ({
  code: 'sent',
  id,
  wallet: 'w_1a2b3c4d',
  transaction_id: '5d5ccde71e5b1c1b2bcb2a6e1c6a3f0bb0a1f2c2d3d4e5f60718293a4b5c6d7e',
  amount: { value: 1000n, token: 'sats' },
  fee: { value: 4n, token: 'sats' },
  preimage: '8d1f4f2b6c7e9a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f50617283',
});

/** A node whose handling is nothing but reading the request and answering. It takes envelope v1 as well. */
export async function serveNode(): Promise<void> {
  const server = await startRpcServer({
    listen: '127.0.0.1:0',
    secrets: [{ keyName: 'default', secret: SECRET }],
    nodeId: randomBytes(16),
    nowMs: Date.now,
    acceptsV1: true,
    handle: async function* ({ text }) {
      yield await Promise.resolve({ output: outputOf(idIn(parseJson(text))), isLast: true });
    },
  });
  listening(server.address, () => server.stop(0));
}

/** What anybody writes with grpc-js: the same request and answer as JSON, in the open. */
export async function servePlain(): Promise<void> {
  const server = new Server();
  server.addService(
    { call: PLAIN },
    {
      call: ({ request }: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>) => {
        answer(null, [outputOf(idIn(request))]);
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  listening(`127.0.0.1:${port}`, () => {
    server.forceShutdown();
  });
}

const toJson = (value: unknown): Buffer =>
  Buffer.from(JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)));
const fromJson = (bytes: Buffer): unknown => JSON.parse(bytes.toString('utf8'));

export const PLAIN: MethodDefinition<unknown, unknown> = {
  path: '/plain.Plain/Call',
  requestStream: false,
  responseStream: false,
  requestSerialize: toJson,
  requestDeserialize: fromJson,
  responseSerialize: toJson,
  responseDeserialize: fromJson,
};

const idIn = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'id' in input ? String(input.id) : '';

function listening(address: string, stop: () => unknown): void {
  process.stdout.write(`${JSON.stringify({ url: `http://${address}` })}\n`);
  process.once('SIGTERM', () => {
    stop();
  });
}
