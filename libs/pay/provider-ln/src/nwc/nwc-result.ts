import type { NwcOutcome } from '@caravel/nostr';
import { PayError } from '@caravel/pay-protocol';
import { cleanReason } from '../outcomes.js';

/** The result of what moves no money. Throws `network_error` for silence and for the wallet's own errors. */
export function resultOf<Result>(outcome: NwcOutcome<Result>): { type: 'result' } & Result {
  if (outcome.type === 'result') return outcome;
  if (outcome.type === 'silence') throw new PayError('network_error', 'the wallet did not answer');
  const { code, message } = outcome;
  const said = cleanReason(message);
  throw new PayError('network_error', `the wallet answered ${cleanReason(code)}${said === '' ? '' : `: ${said}`}`, {
    retryable: !NEVER.has(code),
  });
}

/** Asking again changes nothing until a person does something. */
const NEVER: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'RESTRICTED', 'NOT_IMPLEMENTED', 'UNSUPPORTED_ENCRYPTION']);

export const isErrorOf = (outcome: NwcOutcome<unknown>, codes: readonly string[]): boolean =>
  outcome.type === 'error' && codes.includes(outcome.code);
