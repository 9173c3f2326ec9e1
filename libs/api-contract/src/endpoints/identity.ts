import { endpoint } from '../endpoint.js';
import { identityJson } from '../shapes/identity-json.js';

export const identityEndpoints = {
  /** No side effect: it must not make a tenant. */
  getIdentity: endpoint({
    method: 'GET',
    path: '/identity',
    policy: 'authenticated',
    summary: 'Who the signature says you are',
    answer: identityJson,
  }),
};
