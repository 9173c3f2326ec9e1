import type { tenantJson } from '@caravel/api-contract';
import type { Tenant } from '@caravel/domain';
import type { z } from 'zod';

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
