/** An error as Stripe answers it; fields other than `type` and `message` only where Stripe has them. */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
    readonly headers: Record<string, string> = {},
  ) {
    super(body.message);
    this.name = 'StripeError';
  }
}

export interface StripeErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  [detail: string]: unknown;
}

/** 400, 401, 404: the request is at fault. */
export function invalidRequest(status: number, message: string, where: ErrorDetail = {}): StripeError {
  return new StripeError(status, { type: 'invalid_request_error', message, ...where });
}

export function isStripeError(error: unknown): error is StripeError {
  return error instanceof StripeError;
}

interface ErrorDetail {
  code?: string;
  param?: string;
  [detail: string]: unknown;
}
