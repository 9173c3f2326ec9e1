import type { Output } from './output.js';
import { isPayErrorCode, PAY_ERRORS } from './pay-error.js';

/** What a whole answer means outside: REST's status (`pay.md` section 4) and the command's exit code. */
export interface Verdict {
  status: number;
  /** 0 done, 1 error, 3 limit exceeded, 4 approval required, 5 outcome unknown; 2 is for usage, which has no answer. */
  exitCode: 0 | 1 | 3 | 4 | 5;
}

/** The last Output that is no log line decides. */
export function verdictOf(outputs: readonly Output[]): Verdict {
  const output = outputs.findLast(({ code }) => code !== 'log');
  if (output?.code === 'limit_exceeded') return { status: 402, exitCode: 3 };
  if (output?.code === 'approval_required') return { status: 202, exitCode: 4 };
  if (output?.code === 'outcome_unknown') return { status: 202, exitCode: 5 };
  if (output?.code === 'error') return { status: statusOf(output.error_code), exitCode: exitCodeOf(output.error_code) };
  return { status: 200, exitCode: 0 };
}

function statusOf(errorCode: string): number {
  if (!isPayErrorCode(errorCode)) return BUSINESS_ERROR;
  return PAY_ERRORS[errorCode].status ?? BUSINESS_ERROR;
}

/** The new Outputs come as errors from a node that speaks to us as 0.7. */
function exitCodeOf(errorCode: string): Verdict['exitCode'] {
  if (errorCode === 'limit_exceeded') return 3;
  if (errorCode === 'approval_required') return 4;
  return errorCode === 'outcome_unknown' ? 5 : 1;
}

const BUSINESS_ERROR = 422;
