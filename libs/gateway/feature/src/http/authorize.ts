import type { Policy } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from './route.js';

/** The part of a policy that needs nothing but the caller. Throws `forbidden` or `tenant-missing`. */
export async function checkPolicy(policy: Policy, caller: Caller, { tenants }: GatewayDeps): Promise<void> {
  switch (policy) {
    case 'admin':
      if (!caller.isAdmin) throw new AppError('forbidden', 'Only an administrator of this server may do this.');
      return;
    case 'tenant':
      if (!(await tenants.find(caller.pubkey))) throw noAccount();
      return;
    case 'public':
    case 'authenticated':
    case 'adminOrTenant':
    case 'sameTenantOnly':
      return;
  }
}

/** Whether the caller may act for this tenant under `adminOrTenant` or `sameTenantOnly`. */
export function mayActFor(policy: Policy, caller: Caller, tenantPubkey: unknown): boolean {
  return caller.pubkey === tenantPubkey || (policy === 'adminOrTenant' && caller.isAdmin);
}

/** Of a tenant that the request names itself, so that there is nothing to hide. Throws `forbidden`. */
export function requireNamedTenant(policy: Policy, caller: Caller, tenantPubkey: unknown): void {
  if (mayActFor(policy, caller, tenantPubkey)) return;
  throw new AppError('forbidden', 'This belongs to another account. Sign in with the key it belongs to.');
}

const noAccount = () =>
  new AppError('tenant-missing', 'There is no account for this key yet. Create it with POST /tenants first.');
