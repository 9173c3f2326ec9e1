import { billingAccount } from '@caravel/contracts';
import { AppError } from '@caravel/domain';
import type { Tenant } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from '../http/route.js';
import { requireSettled } from '../rules/require-settled.js';

type Deps = Pick<GatewayDeps, 'tenants' | 'reconciler' | 'ring'>;

/** Ends an account that owes nothing, with its stopped relays. Throws what `requireSettled` does, and `not-found` when it is gone. */
export async function deleteTenant(
  { tenants, reconciler, ring }: Deps,
  { caller, tenant: { pubkey } }: { caller: Caller; tenant: Tenant },
): Promise<void> {
  const remove = () => tenants.remove({ pubkey, actor: caller.pubkey }, requireSettled);
  await remove().catch(async (error: unknown) => {
    if (!(error instanceof AppError && error.retryable)) throw error;
    // Billing has not looked at everything yet, so it is asked to look now.
    await reconciler.tenant(pubkey);
    await remove();
  });
  await ring(billingAccount, { tenantPubkey: pubkey });
}
