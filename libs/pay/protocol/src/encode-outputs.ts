import { stringifyJson } from './lossless-json.js';
import { errorOutput } from './output.js';
import type { Output } from './output.js';
import { PayError } from './pay-error.js';
import { redactInto } from './redact.js';

/**
 * How an answer is written. `native`: an integer beyond 2^53 − 1 is its digits in a string, so that no JSON parser can round
 * it. `afpay-0.7`: integers are JSON numbers up to 2^64 − 1, and what that version does not know comes as an error.
 */
export type Dialect = 'native' | 'afpay-0.7';

/** JSON of the list of Outputs, without secrets (see `redactSecrets`). */
export function encodeOutputs(outputs: readonly Output[], dialect: Dialect = 'native'): string {
  return `[${outputs.map((output) => encodeOutput(output, dialect)).join(',')}]`;
}

/** One line. A seed is shown only by the command, on this machine, which asks for it by itself. */
export function encodeOutput(output: Output, dialect: Dialect = 'native'): string {
  if (dialect === 'native') return JSON.stringify(redactInto(output, digitsBeyondSafe));
  const known = asOriginal(output);
  try {
    return stringifyJson(redactInto(known, numberUpTo64Bits));
  } catch (error) {
    if (!(error instanceof PayError)) throw error;
    return stringifyJson(errorOutput(error, idOf(known)));
  }
}

/** What the original can't read is told as an error that it must not repeat by itself. */
function asOriginal(output: Output): Output {
  const { code } = output;
  if (code !== 'approval_required' && code !== 'outcome_unknown') return output;
  const text = code === 'outcome_unknown' ? output.error : `the payment needs an approval before it is asked for again`;
  const told = errorOutput(new PayError(code, text, { retryable: false }), output.id);
  return { ...told, ...(output.trace && { trace: output.trace }) };
}

const idOf = (output: Output) => ('id' in output && typeof output.id === 'string' ? output.id : undefined);

const digitsBeyondSafe = (integer: bigint) => (integer <= MAX_SAFE ? Number(integer) : String(integer));

function numberUpTo64Bits(integer: bigint): bigint {
  if (integer > MAX_U64)
    throw new PayError('amount_overflow', 'an amount is larger than this protocol version can carry');
  return integer;
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const MAX_U64 = 2n ** 64n - 1n;
