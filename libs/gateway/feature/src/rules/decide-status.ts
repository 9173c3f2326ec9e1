import { AppError } from '@caravel/domain';
import type { Plan, Relay } from '@caravel/domain';
import type { RelayChange, TenantRelays } from '../ports.js';
import { requireGoodStanding } from './account-rules.js';

/** Stopping is always possible, for a delinquent relay too; stopping twice changes nothing. */
export function decideDeactivate(relay: Relay): RelayChange | null {
  return relay.status === 'inactive' ? null : { type: 'deactivate_relay', status: 'inactive' };
}

/** Throws `relay-delinquent` (only paying helps) or `account-past-due`. Starting twice changes nothing. */
export function decideReactivate(
  { relay, relays, plan }: { relay: Relay; relays: TenantRelays; plan: Plan },
  { isAdmin }: { isAdmin: boolean },
): RelayChange | null {
  switch (relay.status) {
    case 'active':
      return null;
    case 'delinquent':
      throw new AppError(
        'relay-delinquent',
        'This relay is paused because an invoice is unpaid. Please pay your open invoices; it then comes back by itself.',
      );
    case 'inactive':
      requireGoodStanding(relays, plan, { isAdmin });
      return { type: 'activate_relay', status: 'active' };
  }
}
