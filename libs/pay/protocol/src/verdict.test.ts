import { errorOutput } from './output.js';
import { PAY_ERRORS, PayError } from './pay-error.js';
import type { PayErrorCode } from './pay-error.js';
import { EXAMPLE_OUTPUTS } from './testing/example-outputs.js';
import { verdictOf } from './verdict.js';

const { log, sent, limit_exceeded, approval_required, outcome_unknown } = EXAMPLE_OUTPUTS;
const failed = (code: PayErrorCode) => [errorOutput(new PayError(code, 'no'))];

describe('the verdict', () => {
  it('is that of the last Output that is no log line', () => {
    expect(verdictOf([sent, log])).toEqual({ status: 200, exitCode: 0 });
    expect(verdictOf([log, limit_exceeded, log])).toEqual({ status: 402, exitCode: 3 });
    expect(verdictOf([approval_required])).toEqual({ status: 202, exitCode: 4 });
    expect(verdictOf([outcome_unknown])).toEqual({ status: 202, exitCode: 5 });
    expect(verdictOf([])).toEqual({ status: 200, exitCode: 0 });
  });

  it('of the statuses that REST promises is kept', () => {
    const statuses = Object.keys(PAY_ERRORS).map((code) => [code, verdictOf(failed(code as PayErrorCode)).status]);
    expect(Object.fromEntries(statuses)).toMatchObject({
      invalid_request: 400,
      unauthenticated: 401,
      limit_exceeded: 402,
      permission_denied: 403,
      idempotency_conflict: 409,
      in_progress: 409,
      payload_too_large: 413,
      wallet_not_found: 422,
      rate_limited: 429,
      price_unavailable: 503,
      quote_unavailable: 503,
    });
  });

  it('of a node that speaks 0.7 is the same for what it had to say as an error', () => {
    expect(verdictOf(failed('outcome_unknown'))).toEqual({ status: 202, exitCode: 5 });
    expect(verdictOf(failed('approval_required'))).toEqual({ status: 202, exitCode: 4 });
    expect(verdictOf([{ ...EXAMPLE_OUTPUTS.error, error_code: 'of_the_future' }])).toEqual({
      status: 422,
      exitCode: 1,
    });
  });
});
