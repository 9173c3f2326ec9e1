import type { SweepOptions } from '@caravel/queue';
import { deleteLeftCustomers } from './delete-left-customers.js';
import type { LeftCustomersDeps } from './delete-left-customers.js';
import { resealWallets } from './reseal-wallets.js';
import type { ResealDeps } from './reseal-wallets.js';
import { watchUnknown } from './watch-unknown.js';
import type { WatchUnknownDeps } from './watch-unknown.js';

/**
 * What a service does beside its work: wallet connections sealed to the current key, nothing left at Stripe of deleted
 * accounts, and numbers for whoever runs it.
 */
export function upkeep(deps: ResealDeps & WatchUnknownDeps & LeftCustomersDeps): Pick<SweepOptions, 'name' | 'run'>[] {
  return [
    { name: 'wallet-boxes', run: resealWallets(deps) },
    { name: 'unknown-attempts', run: watchUnknown(deps) },
    { name: 'left-customers', run: deleteLeftCustomers(deps) },
  ];
}
