import { pubkeySchema } from '@caravel/domain';
import type { Tenant } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** A tenant. Whether a wallet is connected is told, its URL never. */
export const tenantJson = z.object({
  pubkey: pubkeySchema,
  return_url: z.string(),
  nwc_is_set: z.boolean(),
  nwc_error: z.string().nullable(),
  stripe_customer_id: z.string(),
  stripe_payment_method_id: z.string().nullable(),
  stripe_error: z.string().nullable(),
  billing_anchor: timeJson.nullable(),
  churned_at: timeJson.nullable(),
  created_at: timeJson,
});

export function toTenantJson(tenant: Tenant): z.output<typeof tenantJson> {
  return {
    pubkey: tenant.pubkey,
    return_url: tenant.returnUrl,
    nwc_is_set: tenant.nwcIsSet,
    nwc_error: tenant.nwcError,
    stripe_customer_id: tenant.stripeCustomerId,
    stripe_payment_method_id: tenant.stripePaymentMethodId,
    stripe_error: tenant.stripeError,
    billing_anchor: tenant.billingAnchorS,
    churned_at: tenant.churnedAtS,
    created_at: tenant.createdAtS,
  };
}
