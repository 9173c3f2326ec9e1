import { billingAccount } from '@caravel/contracts';
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
  // Under the lock it can only be seen that billing has not looked, so it is asked to look first.
  await reconciler.tenant(pubkey);
  await tenants.remove({ pubkey, actor: caller.pubkey }, requireSettled);
  await ring(billingAccount, { tenantPubkey: pubkey });
}
