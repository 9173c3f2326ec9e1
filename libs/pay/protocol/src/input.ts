import { z } from 'zod';
import type { Effect } from './define-input.js';
import { controlInputs } from './inputs/control-inputs.js';
import { historyInputs } from './inputs/history-inputs.js';
import { limitInputs } from './inputs/limit-inputs.js';
import { paymentInputs } from './inputs/payment-inputs.js';
import { receiveInputs } from './inputs/receive-inputs.js';
import { walletInputs } from './inputs/wallet-inputs.js';
import { parseJson } from './lossless-json.js';
import { PayError } from './pay-error.js';

/** Every Input by its code. One source: parser, help, OpenAPI, permissions and tests go through this object. */
export const INPUTS = {
  ...walletInputs,
  ...paymentInputs,
  ...receiveInputs,
  ...historyInputs,
  ...limitInputs,
  ...controlInputs,
} as const;

export type InputCode = keyof typeof INPUTS;
export type InputOf<Code extends InputCode> = z.output<(typeof INPUTS)[Code]['schema']>;
export type Input = { [Code in InputCode]: InputOf<Code> }[InputCode];

/** From JSON text; see `parseInput`. */
export function readInput(text: string): Input {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new PayError('invalid_request', error instanceof Error ? error.message : 'not valid JSON', { cause: error });
  }
  return parseInput(value);
}

/**
 * Checks one Input and completes its defaults; unknown fields are dropped. Throws a PayError `invalid_request` that names the
 * field and never repeats a value, which may be a secret.
 */
export function parseInput(value: unknown): Input {
  const given = withoutNulls(value);
  const { code } = codeSchema.parse(given) ?? {};
  if (code === undefined) throw new PayError('invalid_request', 'an Input is a JSON object with a text in `code`');
  if (!isInputCode(code))
    throw new PayError('invalid_request', 'unknown `code`', { hint: `One of ${CODES.join(', ')}` });
  const parsed = INPUTS[code].schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PayError('invalid_request', `${code}: ${fieldOf(issue?.path)} ${issue?.message ?? 'is invalid'}`);
}

/** Whether it may not come over RPC or REST (seed: `is_local_only`). */
export function isLocalOnly(input: Input): boolean {
  if (input.code === 'wallet_close') return input.dangerously_skip_balance_check_and_may_lose_money === true;
  return INPUTS[input.code].localOnly;
}

/** See `Effect`; asking for a status changes something when it is told to close. */
export function effectOf(input: Input): Effect {
  if (input.code === 'payment_status' && input.close_if_unknown === true) return 'change';
  return INPUTS[input.code].effect;
}

const CODES = Object.keys(INPUTS);
const isInputCode = (code: string): code is InputCode => Object.hasOwn(INPUTS, code);
const codeSchema = z.object({ code: z.string() }).nullable().catch(null);

/** An optional field may be absent or null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutNulls(inner)]));
}

function fieldOf(path: readonly PropertyKey[] | undefined): string {
  return path && path.length > 0 ? `\`${path.map(String).join('.')}\`:` : '';
}
