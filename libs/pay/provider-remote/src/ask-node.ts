import { isPayErrorCode, PayError } from '@caravel/pay-protocol';
import type { Input, Output, OutputCode, OutputOf } from '@caravel/pay-protocol';
import type { Call } from '@caravel/pay-provider';
import { RpcError } from '@caravel/pay-rpc';
import type { RemoteNode } from './remote-node.js';

/**
 * Asks for something that moves no money and gives the Output that was expected. Throws a PayError with the code that the node
 * gave, or the RpcError of a call without an answer.
 */
export async function askNode<Code extends OutputCode>(
  node: RemoteNode,
  input: Input,
  { expected, signal, nodeId }: Call & { expected: Code; nodeId?: Uint8Array | undefined },
): Promise<OutputOf<Code>> {
  const output = await terminalOf(node, input, { signal, nodeId });
  if (isOf(output, expected)) return output;
  if (output.code === 'error') throw errorFrom(output);
  throw new PayError('network_error', `the node answered ${output.code} to ${input.code}`);
}

/** The one Output that ends a request; what is logged comes before it. Throws an RpcError when there is none for our id. */
export async function terminalOf(node: RemoteNode, input: Input, options: TerminalOptions): Promise<Output> {
  const outputs = await node.client.call(input, options);
  const terminal = outputs.findLast(({ code }) => code !== 'log');
  const id = 'id' in input ? input.id : undefined;
  if (!terminal || ('id' in terminal ? terminal.id : undefined) !== id) {
    throw new RpcError('parse_error', 'the node answered another request than ours', { isSent: true });
  }
  return terminal;
}

/** A node that is newer than ours may have codes that we don't. */
export function errorFrom({ error_code, error, hint, retryable }: OutputOf<'error'>): PayError {
  return new PayError(isPayErrorCode(error_code) ? error_code : 'network_error', error, { hint, retryable });
}

const isOf = <Code extends OutputCode>(output: Output, code: Code): output is Output & OutputOf<Code> =>
  output.code === code;

interface TerminalOptions {
  signal: AbortSignal;
  timeoutMs?: number;
  /** Of no other node than this. */
  nodeId?: Uint8Array | undefined;
}
