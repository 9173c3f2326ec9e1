import { randomBytes } from 'node:crypto';
import { manualClock } from '@caravel/domain';
import { parseOutputs, readInput } from '@caravel/pay-protocol';
import type { Input, InputOf, Network, Output } from '@caravel/pay-protocol';
import type { Provider, ProviderWallet } from '@caravel/pay-provider';
import { rpcClient, startRpcServer } from '@caravel/pay-rpc';
import type { HandleRpc, RpcClient, RpcServer } from '@caravel/pay-rpc';
import type { RemoteNode } from '../remote-node.js';
import { remoteProvider } from '../remote-provider.js';

const SECRET = '0123456789abcdef0123456789abcdef';
export const OWN_NODE = '000102030405060708090a0b0c0d0e0f';
export const WALLET: ProviderWallet = { id: 'w_below', network: 'ln', settings: {}, secrets: {} };

/**
 * A node on a real socket that answers what the test scripted, and complains of anything else. Its books are as strict as a
 * real one's: a payment is executed once for its id, and never after the id was closed.
 */
export async function startStrictNode({ acceptsV1 = false } = {}) {
  const clock = manualClock(1_800_000_000);
  const nowMs = () => clock.now().getTime();
  const answers = new Map<Input['code'], (input: never) => object | object[]>();
  const asked: Input[] = [];
  const { books, executed, statusOf } = strictBooks();

  const handle: HandleRpc = async function* ({ text }) {
    await Promise.resolve();
    const input = readInput(text);
    if (input.code === 'version') {
      yield { output: { code: 'version', version: '1', protocol_version: 1 }, isLast: true };
      return;
    }
    asked.push(input);
    const make = answers.get(input.code);
    let made: object[];
    if (input.code === 'payment_status' && !make) made = [statusOf(input)];
    else if (!make) throw new Error(`nobody expected ${input.code}`);
    else if (input.code === 'send' || input.code === 'cashu_send') made = executed(input, () => make(input as never));
    else made = [make(input as never)].flat();
    const id = 'id' in input ? { id: input.id } : {};
    const outputs: Output[] = parseOutputs(
      made.map((output) => ({ ...id, ...output })),
      undefined,
    );
    for (const [index, output] of outputs.entries()) yield { output, isLast: index === outputs.length - 1 };
  };

  const nodeId = randomBytes(16);
  const server = await startRpcServer({
    listen: '127.0.0.1:0',
    secrets: [{ keyName: 'default', secret: SECRET }],
    nodeId,
    nowMs,
    acceptsV1,
    handle,
  });
  const clients: RpcClient[] = [];

  return {
    address: server.address,
    nodeId: nodeId.toString('hex'),
    asked,
    books,
    clock,
    /** What an Input of this code is answered with; `id` is completed. */
    answer: <Code extends Input['code']>(
      code: Code,
      make: (input: Extract<Input, { code: Code }>) => object | object[],
    ) => answers.set(code, make),
    provider: ({ endpoint = server.address, protocol = 'v2', network = 'ln' }: ProviderHow = {}): Provider => {
      const client = rpcClient({ endpoint, secret: SECRET, protocol, nowMs });
      clients.push(client);
      return remoteProvider({ network, endpoint, client, protocol, nodeId: OWN_NODE, newId, nowMs });
    },
    stop: () => stop(server, clients),
  };
}

/** One answer for each id, kept; asking can close one that was never seen. */
function strictBooks() {
  const books = new Map<string, object>();
  return {
    books,
    executed: ({ id }: { id: string }, make: () => object | object[]): object[] => {
      const known = books.get(id);
      if (known) return [known];
      const made = [make()].flat();
      const last = made.at(-1);
      if (last) books.set(id, { id, ...last });
      return made;
    },
    statusOf: ({ request_id, close_if_unknown }: InputOf<'payment_status'>): object => {
      const output = books.get(request_id);
      const told = { code: 'payment_status', request_id };
      if (output) return { ...told, ...stateOf(output), ...(output !== CLOSED && { output }) };
      if (close_if_unknown !== true) return { ...told, state: 'never_seen' };
      books.set(request_id, CLOSED);
      return { ...told, state: 'closed' };
    },
  };
}

const CLOSED = { code: 'error', error_code: 'network_error', error: 'closed', retryable: false };

const STATES: Readonly<Record<string, string>> = {
  sent: 'sent',
  cashu_sent: 'sent',
  outcome_unknown: 'unknown',
  approval_required: 'awaiting_approval',
};
const stateOf = (output: object) => {
  const code = 'code' in output && typeof output.code === 'string' ? output.code : '';
  return { state: output === CLOSED ? 'closed' : (STATES[code] ?? 'not_sent') };
};

const newId: RemoteNode['newId'] = (prefix) => prefix + randomBytes(16).toString('hex');

async function stop(server: RpcServer, clients: readonly RpcClient[]): Promise<void> {
  for (const client of clients) client.close();
  await server.stop(0);
}

interface ProviderHow {
  endpoint?: string;
  protocol?: 'v1' | 'v2';
  network?: Network;
}
