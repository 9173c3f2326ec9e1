import { randomBytes } from 'node:crypto';
import { readInput } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';

export const SECRET = '0123456789abcdef0123456789abcdef';

/** A node behind a real socket that answers each Input with what `answer` says, and remembers what it was asked. */
export async function startRemoteNode(
  answer: (input: Input) => AsyncIterable<Output> | Iterable<Output>,
  { acceptsV1 = false }: { acceptsV1?: boolean } = {},
) {
  const { startRpcServer } = await import('@caravel/pay-rpc');
  const asked: Input[] = [];
  const server = await startRpcServer({
    listen: '127.0.0.1:0',
    secrets: [{ keyName: 'default', secret: SECRET }],
    nodeId: randomBytes(16),
    nowMs: () => Date.now(),
    acceptsV1,
    handle: async function* ({ text }) {
      const input = readInput(text);
      asked.push(input);
      // One behind: the last is known to be it when nothing follows.
      let held: Output | undefined;
      for await (const output of answer(input)) {
        if (held) yield { output: held, isLast: false };
        held = output;
      }
      if (held) yield { output: held, isLast: true };
    },
  });
  return { endpoint: server.address, asked, stop: () => server.stop(0) };
}

export const idOf = (input: Input): string => ('id' in input ? input.id : '');
