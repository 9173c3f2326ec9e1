import type { Pubkey } from '@caravel/domain';
import type { PrismaClient } from '@caravel/platform-data-access';
import type { AccountDeps } from './account.js';
import { adjustTenant } from './adjust-tenant.js';
import type { Adjustment } from './adjust-tenant.js';
import { clearShortGrace } from './clear-short-grace.js';
import { voidByAdmin } from './void-by-admin.js';
import type { VoidCommand } from './void-by-admin.js';

export type AdminStore = ReturnType<typeof adminStore>;

/** What admins do to money, each command one transaction under the tenant's lock and safe to repeat. */
export function adminStore(client: PrismaClient, deps: AccountDeps) {
  return {
    adjust: (adjustment: Adjustment) => adjustTenant(client, adjustment, deps),
    clearGrace: (command: { tenantPubkey: Pubkey; actor: Pubkey }) => clearShortGrace(client, command, deps),
    endInvoice: (command: VoidCommand) => voidByAdmin(client, command, deps),
  };
}
