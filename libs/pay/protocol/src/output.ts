import { z } from 'zod';
import { controlOutputs } from './outputs/control-outputs.js';
import { limitOutputs } from './outputs/limit-outputs.js';
import { paymentOutputs } from './outputs/payment-outputs.js';
import { walletOutputs } from './outputs/wallet-outputs.js';
import { PayError } from './pay-error.js';

/** Every Output by its code. */
export const OUTPUTS = { ...walletOutputs, ...paymentOutputs, ...limitOutputs, ...controlOutputs } as const;

export type OutputCode = keyof typeof OUTPUTS;
export type OutputOf<Code extends OutputCode> = z.output<(typeof OUTPUTS)[Code]>;
export type Output = { [Code in OutputCode]: OutputOf<Code> }[OutputCode];

/**
 * Checks the answer of another node: an array of Outputs of which every one that belongs to a request carries its id. Throws a
 * PayError `parse_error`: whoever sent something that changes things then doesn't know the outcome.
 */
export function parseOutputs(value: unknown, id: string | undefined): Output[] {
  const list = outputsSchema.safeParse(value);
  if (!list.success) throw new PayError('parse_error', 'the node answered something that is no list of Outputs');
  for (const output of list.data) {
    if (id !== undefined && 'id' in output && output.id !== undefined && output.id !== id) {
      throw new PayError('parse_error', 'the node answered another request than ours');
    }
  }
  return list.data;
}

/** The Output that says a request failed. */
export function errorOutput(error: PayError, id?: string): OutputOf<'error'> {
  const { code: error_code, message, hint, retryable } = error;
  return {
    code: 'error',
    ...(id !== undefined && { id }),
    error_code,
    error: message,
    ...(hint !== undefined && { hint }),
    retryable,
  };
}

const outputSchema: z.ZodType<Output> = z.discriminatedUnion('code', Object.values(OUTPUTS) as never);
// Made once: making a schema takes longer than reading an answer with it.
const outputsSchema = z.array(outputSchema);
