/**
 * Every `error_code`, whether asking again later may help, and the status REST gives it (`pay.md` section 4). Those without a
 * status are business errors, 422. A code, once released, keeps its meaning; the first group is that of afpay 0.7.
 */
const CODES = {
  not_implemented: { retryable: false },
  wallet_not_found: { retryable: false },
  invalid_amount: { retryable: false },
  network_error: { retryable: true },
  internal_error: { retryable: false },
  limit_exceeded: { retryable: false, status: 402 },
  invalid_request: { retryable: false, status: 400 },
  invalid_config: { retryable: false },
  provider_unreachable: { retryable: true },
  version_mismatch: { retryable: true },
  serialize_error: { retryable: false },
  encrypt_error: { retryable: false },
  connect_error: { retryable: true },
  permission_denied: { retryable: false, status: 403 },
  unauthenticated: { retryable: false, status: 401 },
  unavailable: { retryable: true, status: 503 },
  invalid_argument: { retryable: false },
  rpc_error: { retryable: false },
  decrypt_error: { retryable: false },
  parse_error: { retryable: false },

  amount_overflow: { retryable: false },
  idempotency_conflict: { retryable: false, status: 409 },
  in_progress: { retryable: true, status: 409 },
  request_closed: { retryable: false, status: 409 },
  already_paid: { retryable: false },
  invalid_limit: { retryable: false },
  price_unavailable: { retryable: true, status: 503 },
  quote_unavailable: { retryable: true, status: 503 },
  store_unavailable: { retryable: true, status: 503 },
  recipient_not_allowed: { retryable: false },
  mint_not_allowed: { retryable: false },
  peer_speaks_v1: { retryable: false },
  response_too_large: { retryable: false },
  payload_too_large: { retryable: false, status: 413 },
  rate_limited: { retryable: true, status: 429 },
  outcome_unknown: { retryable: false, status: 202 },
  approval_required: { retryable: false, status: 202 },
} as const satisfies Record<string, { retryable: boolean; status?: number }>;

export type PayErrorCode = keyof typeof CODES;
export const PAY_ERRORS: Readonly<Record<PayErrorCode, { retryable: boolean; status?: number }>> = CODES;

/** A code that came from another node, which may be newer than ours. */
export const isPayErrorCode = (code: string): code is PayErrorCode => Object.hasOwn(PAY_ERRORS, code);

/**
 * A deliberate failure of the pay network. The message is safe for whoever asked and names no secret; what only the operator
 * may know is the `cause`. `hint` says what to do next.
 */
export class PayError extends Error {
  readonly code: PayErrorCode;
  readonly retryable: boolean;
  readonly hint: string | undefined;

  constructor(code: PayErrorCode, message: string, { hint, retryable, cause }: PayErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
    this.retryable = retryable ?? PAY_ERRORS[code].retryable;
  }
}

interface PayErrorOptions {
  hint?: string | undefined;
  retryable?: boolean | undefined;
  cause?: unknown;
}
