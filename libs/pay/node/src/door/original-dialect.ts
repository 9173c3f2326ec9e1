import type { Reply } from '@caravel/pay-core';
import type { Input, Output } from '@caravel/pay-protocol';

/** What a coordinator of afpay 0.7 compares: it refuses any other. */
const ORIGINAL_VERSION = '0.7.0';

/**
 * One request of an afpay 0.7 client. Its sessions name their requests `session_1`, `session_2`, … and start again at 1, so such
 * an id names nothing: here it is made the only one of its kind by the nonce, and the answer has the client's own again.
 */
export function originalDialect(input: Input, nonce: Uint8Array): OriginalDialect {
  const id = 'id' in input ? input.id : undefined;
  const ours = id !== undefined && /^session_\d+$/.test(id) ? `${id}:${Buffer.from(nonce).toString('hex')}` : undefined;
  return {
    input: ours === undefined || !('id' in input) ? input : { ...input, id: ours },
    told: ({ output, isLast }) => ({ output: versionTold(withId(output, ours, id)), isLast }),
  };
}

function withId(output: Output, ours: string | undefined, id: string | undefined): Output {
  if (ours === undefined || id === undefined) return output;
  const entries = Object.entries(output).map(([name, value]) => [name, value === ours ? id : value]);
  return Object.fromEntries(entries) as Output;
}

function versionTold(output: Output): Output {
  if (output.code !== 'version') return output;
  const { version, server = version } = output;
  return { ...output, version: ORIGINAL_VERSION, server };
}

interface OriginalDialect {
  /** As it is asked here. */
  input: Input;
  /** As it is told there. */
  told: (reply: Reply) => Reply;
}
