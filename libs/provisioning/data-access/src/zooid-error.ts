import { AppError } from '@caravel/domain';

/**
 * zooid gave no usable answer, so what it did is unknown. The message is for tenants; `detail` is the cleaned answer for
 * operators.
 */
export class ZooidError extends AppError {
  readonly detail: string;

  constructor(message: string, { detail = '', cause }: { detail?: string; cause?: unknown } = {}) {
    super('service-unavailable', message, { cause });
    this.detail = detail;
  }
}
