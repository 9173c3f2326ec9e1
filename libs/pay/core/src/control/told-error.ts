import { PayError, scrubText } from '@caravel/pay-protocol';
import type { Logger } from '@caravel/service';

/**
 * A failure as whoever asked may know it. What nobody expected is `internal_error`, and its cause goes to the log, without
 * secrets.
 */
export function toldError(error: unknown, log: Logger): PayError {
  if (error instanceof PayError && error.code !== 'internal_error') return scrubbed(error);
  log.error({ cause: scrubText(causesOf(error)) }, 'a request failed here');
  return error instanceof PayError ? scrubbed(error) : new PayError('internal_error', 'something failed on this node');
}

/** Messages are safe by contract; a backend's own words inside them are not ours. */
function scrubbed(error: PayError): PayError {
  const { code, message, hint, retryable } = error;
  const safe = { message: scrubText(message), hint: hint === undefined ? undefined : scrubText(hint) };
  if (safe.message === message && safe.hint === hint) return error;
  return new PayError(code, safe.message, { hint: safe.hint, retryable });
}

function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.stack ?? error.message;
  return error.cause === undefined ? text : `${text}\ncaused by ${causesOf(error.cause)}`;
}
