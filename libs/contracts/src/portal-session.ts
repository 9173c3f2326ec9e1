import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { defineCall, refusedSchema } from './define.js';

/** gateway → billing: Stripe's customer portal, where a tenant saves or removes a card. The URL opens the account: secret. */
export const portalSession = defineCall({
  name: 'portal-session',
  service: 'billing-service',
  request: z.object({ tenantPubkey: pubkeySchema, returnUrl: z.string() }),
  answer: z.union([
    z.object({ url: z.string() }),
    refusedSchema('service-unavailable', 'stripe-customer-create-failed'),
  ]),
  timeoutMs: 10_000,
  secret: true,
});
