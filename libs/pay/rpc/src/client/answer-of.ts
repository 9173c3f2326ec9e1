import { parseJson, parseOutputs } from '@caravel/pay-protocol';
import type { Input, Output } from '@caravel/pay-protocol';
import { unreadable } from './rpc-error.js';

/** An answer to another request than ours is none. */
export function answerOf(body: Uint8Array, input: Input): Output[] {
  const id = 'id' in input ? input.id : undefined;
  try {
    return parseOutputs(parseJson(Buffer.from(body).toString('utf8')), id);
  } catch (cause) {
    throw unreadable('the answer is not a list of Outputs for this request', cause);
  }
}
