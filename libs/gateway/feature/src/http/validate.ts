import { AppError } from '@caravel/domain';
import type { ErrorDetail } from '@caravel/domain';
import type { z } from 'zod';

/** Throws `invalid-request`: its text names the first field that is wrong, `details` all of them, never a value. */
export function validate<Schema extends z.ZodType>(schema: Schema | undefined, value: unknown): z.output<Schema> {
  // Without a schema nothing is read of it; the handler's type knows no field then.
  const result = schema?.safeParse(value) ?? { success: true as const, data: {} as z.output<Schema> };
  if (result.success) return result.data;
  const details = result.error.issues.map(toDetail);
  const [first = { path: '', message: 'is not valid' }] = details;
  const text = `${first.path === '' ? 'The request' : `${first.path}:`} ${first.message}`;
  throw new AppError('invalid-request', `${text.replace(/\.$/, '')}.`, { details });
}

function toDetail(issue: z.core.$ZodIssue): ErrorDetail {
  return { path: issue.path.map(String).join('.'), message: sentenceOf(issue) };
}

/** zod says of a wrong type "Invalid input: expected string, received undefined"; a tenant reads this. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input:')) return issue.message;
  const missing = issue.message.endsWith('received undefined') ? ', but it is missing' : '';
  return `must be ${TYPES[issue.expected] ?? issue.expected}${missing}`;
}

const TYPES: Record<string, string> = {
  object: 'a JSON object',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
};
