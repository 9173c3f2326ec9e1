import type { CustomerDesk } from '@caravel/billing-feature';
import type { Clock, Pubkey } from '@caravel/domain';
import { lightningWorld } from '@caravel/stand-ins';
import { cards } from './cards.js';
import { payee } from './payee.js';
import type { Outside } from './replica.js';
import { sealKeys } from './seal-keys.js';
import { wallets } from './wallets.js';

/** All that billing reaches over a network: Lightning with our wallet and those of tenants, Stripe, rates, bells. */
export function outsideWorld({ clock, seed, later, note, onBell }: OutsideOptions) {
  const world = lightningWorld({ clock });
  const { systemWallet, rates, state: payeeState, ...holding } = payee({ world, clock });
  const hold = (bolt11: string, seconds: number, release: () => void): void => {
    const paymentHash = holding.hold(bolt11);
    later(seconds, () => {
      holding.release(paymentHash);
      release();
    });
  };
  const keys = sealKeys({ seed, note });
  const purse = wallets({ world, seed, keys, later, hold, trace: note });
  const stripe = cards({ clock, seed, later, note });
  const customers: CustomerDesk = {
    createCustomer: (tenant) =>
      stripe.state.up ? Promise.resolve(customerOf(tenant)) : Promise.reject(new Error('Stripe is down')),
  };
  const ours = { systemWallet, rates, wallets: purse.port, bells: { ring: onBell } };
  const outside: Outside = { ...ours, customers, stripe: stripe.desk };
  return { world, outside, payeeState, purse, keys, stripe };
}

/** The same tenant gets the same customer, as the key of the request has it. */
export const customerOf = (tenant: Pubkey): string => `cus_${tenant.slice(0, 16)}`;

interface OutsideOptions {
  clock: Clock;
  seed: number;
  later: (seconds: number, work: () => void) => void;
  note: (line: string) => void;
  onBell: Outside['bells']['ring'];
}
