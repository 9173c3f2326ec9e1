import { AppError } from '@caravel/domain';

/**
 * Settles as `work` does, or rejects with `DeadlineError` after `timeoutMs`. The work itself goes on: pass it a signal
 * as well when it can be stopped.
 */
export async function withDeadline<Result>(
  work: PromiseLike<Result>,
  { timeoutMs, what }: { timeoutMs: number; what: string },
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineError(what, timeoutMs));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Something took longer than it may. Retryable; what it did meanwhile is unknown. */
export class DeadlineError extends AppError {
  constructor(
    readonly what: string,
    readonly timeoutMs: number,
  ) {
    super('service-unavailable', `${what} did not answer within ${timeoutMs} ms.`);
  }
}
