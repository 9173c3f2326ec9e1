import { AppError } from '@caravel/domain';

/** A text that is no BOLT 11 invoice, or one the specification tells a payer to refuse. Trying again does not help. */
export class Bolt11Error extends AppError {
  constructor(reason: string, cause?: unknown) {
    super('invalid-request', `not a valid Lightning invoice: ${reason}`, { cause });
  }
}
