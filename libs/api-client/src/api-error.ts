/**
 * A call that was not answered as hoped. `code` is the server's (`docs/openapi.json` lists them), or `network` (no answer:
 * whether the server acted is unknown), `timeout` (none in time; just as unknown) or `unreadable-answer` (not by this API,
 * such as the page of a proxy). `message` is a sentence for the person who waits.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  readonly code: string;
  /** Which fields were wrong. */
  readonly details: readonly { path: string; message: string }[];
  /** What the operator finds the request by. */
  readonly requestId: string | null;
  /** The same may succeed later. What is not safe to repeat has to be looked at first. */
  readonly retryable: boolean;
  /** How many seconds the server asks to wait. */
  readonly retryAfterS: number | null;

  constructor(message: string, { cause, ...facts }: ApiErrorFacts) {
    super(message, { cause });
    this.status = facts.status ?? 0;
    this.code = facts.code;
    this.details = facts.details ?? [];
    this.requestId = facts.requestId ?? null;
    this.retryAfterS = facts.retryAfterS ?? null;
    this.retryable =
      this.status >= 500 || RETRYABLE_STATUS.includes(this.status) || RETRYABLE_CODES.includes(this.code);
  }
}

const RETRYABLE_STATUS = [408, 425, 429];
const RETRYABLE_CODES = ['network', 'timeout', 'idempotency-busy'];

export interface ApiErrorFacts {
  code: string;
  status?: number;
  details?: readonly { path: string; message: string }[];
  requestId?: string | null;
  retryAfterS?: number | null;
  cause?: unknown;
}
