import type { Policy } from '@caravel/api-contract';
import { AppError } from '@caravel/domain';
import type { GatewayDeps } from '../gateway-deps.js';
import type { Caller } from './route.js';

/** The part of a policy that needs nothing but the caller. Throws `forbidden`; rejects with `tenant-missing`. */
export function checkPolicy(policy: Policy, caller: Caller, { tenants }: GatewayDeps): Promise<void> | undefined {
  switch (policy) {
    case 'admin':
      if (!caller.isAdmin) throw new AppError('forbidden', 'Only an administrator of this server may do this.');
      return undefined;
    case 'tenant':
      return tenants.find(caller.pubkey).then((tenant) => {
        if (!tenant) throw noAccount();
      });
    case 'public':
    case 'authenticated':
    case 'adminOrTenant':
    case 'sameTenantOnly':
      return undefined;
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
