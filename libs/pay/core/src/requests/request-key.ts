import { PayError } from '@caravel/pay-protocol';
import type { PayCall } from '../pay-call.js';

/** The key of idempotency: whose request, and which. */
export interface RequestKey {
  keyName: string;
  requestId: string;
}

/**
 * The key of a request. An afpay 0.7 client counts its sessions from 1 at every start, so its `session_<n>` names nothing by
 * itself: the nonce of the call is added.
 */
export function requestKey(id: string, { caller, v1Nonce }: Pick<PayCall, 'caller' | 'v1Nonce'>): RequestKey {
  // No text of PostgreSQL holds it.
  if (id.includes('\0')) throw new PayError('invalid_request', '`id`: no text');
  const isSession = v1Nonce !== undefined && /^session_\d+$/.test(id);
  const requestId = isSession ? `${id}:${Buffer.from(v1Nonce).toString('hex')}` : id;
  return { keyName: caller.keyName, requestId };
}

/** Names one attempt in the books of the limits. */
export const opIdOf = ({ keyName, requestId }: RequestKey, attempt: number): string =>
  `${keyText({ keyName, requestId })}:${attempt}`;

/** No name of a key holds a slash once it is escaped, so no two keys are written the same. */
export const keyText = ({ keyName, requestId }: RequestKey): string => `${encodeURIComponent(keyName)}/${requestId}`;
