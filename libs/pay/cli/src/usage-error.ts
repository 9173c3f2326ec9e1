import { PayError } from '@caravel/pay-protocol';

/** What was typed is no command. Nothing was asked of anybody; the process ends with 2. */
export class UsageError extends PayError {
  constructor(message: string, hint?: string) {
    super('invalid_request', message, { hint });
  }
}
