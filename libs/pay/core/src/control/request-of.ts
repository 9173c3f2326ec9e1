import type { RequestKey } from '@caravel/pay-provider';
import type { PayCall } from '../pay-call.js';

/** The key of idempotency of a request, as rows and providers name it. */
export const requestOf = ({ id }: { id: string }, call: PayCall): RequestKey => ({ keyName: call.caller.keyName, id });
