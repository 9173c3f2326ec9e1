import { billingAccount } from '@caravel/contracts';
import type { Pubkey, Tenant } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import { keptReturnUrl } from '../rules/return-url.js';

/** The caller's account, made when it is missing. Idempotent; waits for nobody but the database. */
export async function ensureTenant(
  { tenants, ring, settings }: Pick<GatewayDeps, 'tenants' | 'ring' | 'settings'>,
  { pubkey, returnUrl }: { pubkey: Pubkey; returnUrl: string | undefined },
): Promise<Tenant> {
  const kept = keptReturnUrl(returnUrl, settings.returnUrlOrigins);
  const tenant = await tenants.ensure({ pubkey, ...(kept !== undefined && { returnUrl: kept }) });
  await ring(billingAccount, { tenantPubkey: pubkey });
  return tenant;
}
