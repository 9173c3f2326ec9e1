import { AppError } from '@caravel/domain';
import type { ErrorDetail } from '@caravel/domain';
import type { z } from 'zod';

/** Throws `invalid-request`: its text names the first field that is wrong, `details` all of them, never a value. */
export function validate<Schema extends z.ZodType>(schema: Schema | undefined, value: unknown): z.output<Schema> {
  // Without a schema nothing is read of it; the handler's type knows no field then.
  const result = schema?.safeParse(value) ?? { success: true as const, data: {} as z.output<Schema> };
  if (result.success) return result.data;
  const details = result.error.issues.map(toDetail);
  const [first] = details;
  const text = first?.path ? `${first.path}: ${first.message}` : (first?.message ?? 'The request is not valid');
  throw new AppError('invalid-request', `${text.replace(/\.$/, '')}.`, { details });
}

function toDetail(issue: z.core.$ZodIssue): ErrorDetail {
  const path = issue.path.map(String).join('.');
  return {
    path,
    message: issue.message.replace(/^Invalid input: /, '').replace(/, received undefined$/, ', but it is missing'),
  };
}
