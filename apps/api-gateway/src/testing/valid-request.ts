import { createHmac } from 'node:crypto';
import { requestExamples } from '@caravel/api-contract/openapi';
import { systemClock, unixSeconds } from '@caravel/domain';
import type { Route } from '@caravel/gateway-feature';
import { newSubdomain } from './things.js';
import type { Things } from './things.js';

export const WEBHOOK_SECRET = 'whsec_of_the_tests';

export interface ValidRequest {
  method: string;
  path: string;
  body?: string;
  headers: Record<string, string>;
}

/** A request to a route that is right in everything but who sends it. Throws for a route that it knows too little about. */
export function validRequest({ name, method, path }: NamedRoute, things: Things): ValidRequest {
  const special = SPECIAL[name]?.(things);
  const body = special?.body ?? requestExamples[name];
  return {
    method,
    path: special?.path ?? path.replaceAll(/:(\w+)/g, (_, part: string) => valueOf(part, path, things)),
    headers: special?.headers ?? {},
    ...(body !== undefined && method !== 'GET' && { body: JSON.stringify(body) }),
  };
}

export type NamedRoute = Pick<Route, 'method' | 'path'> & { name: string };

/** What an address names by `:part`. */
export function valueOf(part: string, path: string, { owner, relayId, invoiceId, token }: Things): string {
  if (part === 'pubkey') return owner.pubkey;
  if (part === 'token') return token;
  const ids: Record<string, string> = { relays: relayId, invoices: invoiceId, plans: 'basic' };
  const value = part === 'id' ? ids[path.split('/')[1] ?? ''] : undefined;
  if (value === undefined) throw new Error(`${path}: add one of what :${part} names to things.ts and valid-request.ts`);
  return value;
}

interface Special {
  body?: object;
  headers?: Record<string, string>;
  path?: string;
}

const SPECIAL: Record<string, (things: Things) => Special> = {
  deleteRelay: ({ relayId, stoppedRelayId = relayId }) => ({ path: `/relays/${stoppedRelayId}` }),
  createRelay: ({ owner }) => ({
    body: { subdomain: newSubdomain(), plan_id: 'basic', tenant_pubkey: owner.pubkey },
  }),
  stripeWebhook: ({ owner }) => {
    const body = { data: { object: { object: 'customer', metadata: { tenant_pubkey: owner.pubkey } } } };
    const atS = unixSeconds(systemClock.now());
    const mac = createHmac('sha256', WEBHOOK_SECRET)
      .update(`${atS}.${JSON.stringify(body)}`)
      .digest('hex');
    return { body, headers: { 'stripe-signature': `t=${atS},v1=${mac}` } };
  },
};
