import type { Caller, Pay, Reply } from '@caravel/pay-core';
import { errorOutput, parseJson, PayError, readInput } from '@caravel/pay-protocol';
import type { Dialect, Input, InputCode, Output } from '@caravel/pay-protocol';
import type { Logger } from '@caravel/service';
import { originalDialect } from './original-dialect.js';

/** An authenticated request, still as text. */
export interface DoorCall {
  /** JSON of one Input. */
  text: string;
  caller: Caller;
  dialect: Dialect;
  /** Of this request alone; of an envelope v1, its own. */
  nonce: Uint8Array;
  isV1: boolean;
  /** When its caller gives up, in milliseconds since 1970, as far as that is known. */
  deadlineOf: (input: Input) => number | undefined;
  signal: AbortSignal;
}

/**
 * The same behind both doors: reads the Input and has it done, if the key may ask for it. Outputs come in order, each
 * as soon as it is there, and the last says so; it never throws.
 */
export function answerCall({
  pay,
  log,
  count,
}: AnswerDeps): (call: DoorCall) => AsyncGenerator<Reply, void, undefined> {
  return async function* (call) {
    let code: InputCode | 'unknown' = 'unknown';
    let last: Output | undefined;
    try {
      const input = readInput(call.text);
      code = input.code;
      const { signal, caller, isV1, nonce } = call;
      const deadlineMs = call.deadlineOf(input);
      const spoken = call.dialect === 'native' ? undefined : originalDialect(input, nonce);
      const payCall = { caller, signal, deadlineMs, ...(isV1 && { v1Nonce: nonce }) };
      for await (const reply of pay.handle(spoken?.input ?? input, payCall)) {
        last = reply.output;
        yield spoken ? spoken.told(reply) : reply;
      }
    } catch (error) {
      last = errorOutput(failureOf(error, log), idOf(call.text));
      yield { output: last, isLast: true };
    } finally {
      count({ input: code, result: resultOf(last), key: call.caller.keyName });
    }
  };
}

/** What nobody foresaw tells nothing to whoever asked. */
function failureOf(error: unknown, log: Pick<Logger, 'error'>): PayError {
  if (error instanceof PayError) return error;
  log.error({ err: error }, 'a request failed');
  return new PayError('internal_error', 'something failed here; the log of the node says what');
}

/** Of a request that could not be read, as far as that is known. */
function idOf(text: string): string | undefined {
  try {
    const value = parseJson(text);
    const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
    return typeof id === 'string' && id.length <= 200 ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Few values, for a metric. */
function resultOf(output: Output | undefined): string {
  if (!output) return 'none';
  if (output.code === 'error') return output.error_code;
  return REFUSALS.has(output.code) ? output.code : 'ok';
}

const REFUSALS: ReadonlySet<string> = new Set(['limit_exceeded', 'approval_required', 'outcome_unknown']);

interface AnswerDeps {
  pay: Pick<Pay, 'handle'>;
  log: Pick<Logger, 'error'>;
  count: (request: { input: InputCode | 'unknown'; result: string; key: string }) => void;
}
