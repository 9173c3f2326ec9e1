/** Every public error code with its HTTP status (`caravel.md` section 3). A code, once released, keeps its meaning. */
export const ERROR_STATUS = {
  'invalid-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'idempotency-busy': 409,
  'payload-too-large': 413,
  'subdomain-exists': 422,
  'subdomain-invalid': 422,
  'subdomain-reserved': 422,
  'plan-unknown': 422,
  'plan-hidden': 422,
  'feature-not-in-plan': 422,
  'too-many-members': 422,
  'relay-limit': 422,
  'relay-active': 422,
  'relay-inactive': 422,
  'relay-delinquent': 422,
  'account-past-due': 422,
  'account-not-settled': 422,
  'tenant-missing': 422,
  'nwc-url-invalid': 422,
  'stripe-customer-create-failed': 422,
  'invoice-not-payable': 422,
  'idempotency-mismatch': 422,
  'rate-limited': 429,
  internal: 500,
  'service-unavailable': 503,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/**
 * Every deliberate failure. `message` is one English sentence that is safe for a client and says what to do next;
 * what only an operator may know goes into `cause`.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly details: readonly ErrorDetail[] | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.status = ERROR_STATUS[code];
    this.retryable = options.retryable ?? (this.status === 429 || this.status === 503);
    this.details = options.details;
  }
}

/** One field of a refused request: where it is and what is wrong with it. */
export interface ErrorDetail {
  path: string;
  message: string;
}

interface AppErrorOptions {
  cause?: unknown;
  retryable?: boolean;
  details?: readonly ErrorDetail[];
}
