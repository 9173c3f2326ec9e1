import { api } from './api.js';
import type { Endpoint } from './endpoint.js';

/** They make things equal to what they are asked about, or are named by their own events: a repeat does nothing more. */
const NEED_NO_KEY = [
  'POST /tenants/:pubkey/reconcile',
  'POST /invoices/:id/reconcile',
  'POST /invoices/:id/bolt11',
  'POST /stripe/webhook',
];

it('every POST that creates or moves something takes an Idempotency-Key', () => {
  const endpoints: Endpoint[] = Object.values(api);
  const without = endpoints.filter(({ method, idempotency }) => method === 'POST' && !idempotency);
  const names = without.map(({ method, path }) => `${method} ${path}`);
  expect(names.filter((name) => !NEED_NO_KEY.includes(name) && !/\/(sync|preview|import)$/.test(name))).toEqual([]);
});
