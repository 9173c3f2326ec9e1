import { api } from '@caravel/api-contract';
import type { CallName } from './call-types.js';

/** What has to be known of an endpoint in order to call it. */
export interface CallFacts {
  method: string;
  /** With `:pubkey`, `:id`, … for what is named in it. */
  path: string;
  signed: boolean;
  /** Takes an `Idempotency-Key`. */
  keyed: boolean;
  /** The body is sent as it is, under this type; JSON when null. */
  bodyType: string | null;
  /** The answer is handed over as it comes; when false it is JSON in the envelope. */
  raw: boolean;
}

/** Every endpoint that clients call, by name. The published package has this as plain data, without schemas. */
export const calls = Object.fromEntries(
  Object.entries(api)
    .filter(([name]) => name !== 'stripeWebhook')
    .map(([name, said]) => [
      name,
      {
        method: said.method,
        path: said.path,
        signed: said.policy !== 'public',
        keyed: 'idempotency' in said,
        bodyType: 'bodyType' in said ? said.bodyType : null,
        raw: 'answerType' in said,
      },
    ]),
) as Readonly<Record<CallName | 'streamTenantEvents', CallFacts>>;
