import type { ErrorCode } from '@caravel/domain';

/** When which code is answered. A code, once released, keeps its meaning. */
export const errorNotes: Record<ErrorCode, string> = {
  'invalid-request': 'something in the request is malformed; `details` names the fields',
  unauthorized: 'the signature is missing or not valid; sign again',
  forbidden: 'it is not yours, or for administrators only',
  'not-found': 'there is no such thing, or it is somebody else’s',
  'idempotency-busy': 'a request with this Idempotency-Key is being carried out right now; ask again in a moment',
  'payload-too-large': 'the body is larger than 256 KiB',
  'subdomain-exists': 'the name is taken',
  'subdomain-invalid': 'the name is not a valid label of a domain',
  'subdomain-reserved': 'the name is kept for the operator',
  'plan-unknown': 'there is no such plan',
  'plan-hidden': 'the plan is not offered any more',
  'feature-not-in-plan': 'the plan does not include what was switched on',
  'too-many-members': 'the relay has more members than the plan allows',
  'relay-limit': 'the account has as many relays as it may have',
  'relay-delinquent': 'the relay is paused for an unpaid invoice; pay it',
  'account-past-due': 'an invoice is past due; pay it first',
  'tenant-missing': 'the key has no account yet; `POST /tenants`',
  'nwc-url-invalid': 'it is not the connection text of a wallet',
  'stripe-customer-create-failed': 'Stripe refused to make a customer',
  'invoice-not-payable': 'the invoice is paid, voided, or just being collected',
  'idempotency-mismatch': 'the Idempotency-Key was used for another request',
  'rate-limited': 'too many requests; wait as long as `Retry-After` says',
  internal: 'a defect of ours; the answer’s `X-Request-Id` finds it in our logs',
  'service-unavailable': 'something this needs is away for a moment; try again',
};
