import { api } from '@caravel/api-contract';
import { defineRoute } from '../http/define-route.js';

/** No side effect: it must not make a tenant. */
export const getIdentity = defineRoute(api.getIdentity, {
  handler: ({ caller }) => Promise.resolve({ pubkey: caller.pubkey, is_admin: caller.isAdmin }),
});
