/**
 * Who may call an endpoint (`caravel.md` section 2).
 * `authenticated`: any valid key. `tenant`: a key with an account. `adminOrTenant`, `sameTenantOnly`: the tenant whose
 * path, resource or body it is, with and without admins.
 */
export const POLICIES = ['public', 'authenticated', 'admin', 'tenant', 'adminOrTenant', 'sameTenantOnly'] as const;
export type Policy = (typeof POLICIES)[number];
