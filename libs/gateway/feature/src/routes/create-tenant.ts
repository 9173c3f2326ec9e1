import { z } from 'zod';
import { defineRoute } from '../http/define-route.js';
import { tenantJson, toTenantJson } from '../json/tenant-json.js';
import { ensureTenant } from '../use-cases/ensure-tenant.js';

export const createTenant = defineRoute({
  method: 'POST',
  path: '/tenants',
  policy: 'authenticated',
  summary: "The caller's account, made when it is missing; `return_url` is where links lead back to",
  body: z.object({
    return_url: z
      .string({ error: 'must be text' })
      .max(2048)
      .regex(/^[^\0]*$/, 'must be an address')
      .exactOptional(),
  }),
  answer: tenantJson,
  handler: async ({ caller, body }, deps) =>
    toTenantJson(await ensureTenant(deps, { pubkey: caller.pubkey, returnUrl: body.return_url })),
});
