import { defineRoute } from '../http/define-route.js';
import { identityJson } from '../json/identity-json.js';

/** No side effect: it must not make a tenant. */
export const getIdentity = defineRoute({
  method: 'GET',
  path: '/identity',
  policy: 'authenticated',
  summary: 'Who the signature says you are',
  answer: identityJson,
  handler: ({ caller }) => Promise.resolve({ pubkey: caller.pubkey, is_admin: caller.isAdmin }),
});
