import type { Output, OutputOf, PayErrorCode } from '@caravel/pay-protocol';
import type { NotSent } from '@caravel/pay-provider';

/**
 * The answer of a node as a proof that this payment did not leave, or undefined when it proves nothing. A node refuses with
 * these before it has reserved anything:
 * - the Input itself: `invalid_request`, `invalid_amount`, `not_implemented`, `wallet_not_found`
 * - who asks, or for whom: `permission_denied`, `recipient_not_allowed`, `mint_not_allowed`
 * - limits and their prices: `limit_exceeded`, `approval_required`, `price_unavailable`, `quote_unavailable`
 * - the id or the payment was taken: `idempotency_conflict` (another body under our id: this one was not executed),
 *   `already_paid` (under another id, where it is counted), `request_closed` (by our own question)
 *
 * No proof, though they look like one: `in_progress`, `outcome_unknown`, and what a node can also say after it has paid, because
 * it lost its store, its backend or the room for the answer: `store_unavailable`, `internal_error`, `network_error`,
 * `response_too_large`, `amount_overflow`. The node is then asked by the id.
 *
 * Of afpay 0.7 `invalid_amount` proves nothing: it stands for every failed check, also of what the backend answered to a payment.
 */
export function refusalOf(output: Output, protocol: 'v1' | 'v2'): NotSent['answer'] | undefined {
  if (output.code === 'limit_exceeded' || output.code === 'approval_required') return output;
  if (output.code !== 'error' || !REFUSALS.has(output.error_code)) return undefined;
  return protocol === 'v1' && output.error_code === 'invalid_amount' ? undefined : output;
}

/** What we say ourselves of a payment that did not leave. */
export function notSent(
  error_code: PayErrorCode,
  error: string,
  { retryable, hint }: { retryable: boolean; hint?: string },
): NotSent {
  const answer: OutputOf<'error'> = {
    code: 'error',
    error_code,
    error,
    retryable,
    ...(hint !== undefined && { hint }),
  };
  return { outcome: 'not_sent', answer };
}

const REFUSALS: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_amount',
  'not_implemented',
  'wallet_not_found',
  'permission_denied',
  'recipient_not_allowed',
  'mint_not_allowed',
  'limit_exceeded',
  'approval_required',
  'price_unavailable',
  'quote_unavailable',
  'idempotency_conflict',
  'already_paid',
  'request_closed',
]);
