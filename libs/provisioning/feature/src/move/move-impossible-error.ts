import { AppError } from '@caravel/domain';

/** Trying again would end the same way; the text tells an operator what to do. */
export class MoveImpossibleError extends AppError {
  constructor(message: string) {
    super('service-unavailable', message, { retryable: false });
  }
}
