import type { RequestKey } from '@caravel/pay-provider';
import type { PayCall } from '../pay-call.js';
import { requestKey } from '../requests/request-key.js';

/** The key of idempotency of a request, as rows and providers name it. */
export function requestOf({ id }: { id: string }, call: PayCall): RequestKey {
  const { keyName, requestId } = requestKey(id, call);
  return { keyName, id: requestId };
}
