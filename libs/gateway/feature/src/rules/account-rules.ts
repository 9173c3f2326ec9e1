import { AppError } from '@caravel/domain';
import type { Plan } from '@caravel/domain';
import type { TenantRelays } from '../ports.js';

export interface RelayCaps {
  maxRelaysPerTenant: number;
  maxFreeRelaysPerTenant: number;
}

/** While an account is past due nothing makes another paid relay run, unless an admin wants it. Throws `account-past-due`. */
export function requireGoodStanding(relays: TenantRelays, plan: Plan, { isAdmin }: { isAdmin: boolean }): void {
  if (!relays.churned || plan.amount === 0 || isAdmin) return;
  throw new AppError(
    'account-past-due',
    'Your account is past due. Please pay your open invoices first, then paid relays can run again.',
  );
}

/** Room for one more relay. Throws `relay-limit`. */
export function requireRoom(relays: TenantRelays, { maxRelaysPerTenant }: RelayCaps): void {
  if (relays.count < maxRelaysPerTenant) return;
  throw new AppError('relay-limit', `An account can have at most ${maxRelaysPerTenant} relays.`);
}

/** Room for one more relay on a plan without a price, created or downgraded. Throws `relay-limit`. */
export function requireFreeRoom(relays: TenantRelays, { maxFreeRelaysPerTenant }: RelayCaps): void {
  if (relays.freeCount < maxFreeRelaysPerTenant) return;
  throw new AppError(
    'relay-limit',
    `An account can have at most ${maxFreeRelaysPerTenant} free relays. Please choose a paid plan.`,
  );
}
