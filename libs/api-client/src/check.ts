import { api } from '@caravel/api-contract';
import { ApiError } from './api-error.js';
import type { CallName } from './call-types.js';

/**
 * Compares an answer with the schema of its call. Unknown fields pass: a newer server may send more. Throws `ApiError`
 * (`unreadable-answer`) that names the first field. For tests and for those who don't trust the server.
 */
export function checkAnswer(name: CallName, answer: unknown): void {
  const issue = api[name].answer.safeParse(answer).error?.issues[0];
  if (issue === undefined) return;
  const path = issue.path.join('.');
  throw new ApiError(`The answer of ${name} is not as expected: ${path === '' ? 'it' : path}: ${issue.message}`, {
    code: 'unreadable-answer',
    details: [{ path, message: issue.message }],
  });
}
