/** An error as Stripe answers it; `code` and `param` only where Stripe has one. */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly body: StripeErrorBody,
  ) {
    super(body.message);
    this.name = 'StripeError';
  }
}

export interface StripeErrorBody {
  type: 'api_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
}

/** 400, 401, 404: the request is at fault. */
export function invalidRequest(
  status: number,
  message: string,
  where: { code?: string; param?: string } = {},
): StripeError {
  return new StripeError(status, { type: 'invalid_request_error', message, ...where });
}
