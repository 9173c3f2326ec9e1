import type { Pubkey } from './pubkey.js';

/** A tenant as the API composes it from the tables of gateway and billing. The wallet's URL is never part of it. */
export interface Tenant {
  pubkey: Pubkey;
  returnUrl: string;
  nwcIsSet: boolean;
  nwcError: string | null;
  stripeCustomerId: string;
  stripePaymentMethodId: string | null;
  stripeError: string | null;
  billingAnchorS: number | null;
  churnedAtS: number | null;
  createdAtS: number;
}
