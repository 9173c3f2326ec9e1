import type { PortalSession } from '../stripe-objects.js';
import type { StripeWorld } from '../stripe-world.js';

/** A page where a customer keeps cards. */
export function newPortalSession(
  { store, nowS, baseUrl }: StripeWorld,
  given: Pick<PortalSession, 'customer' | 'return_url'>,
): PortalSession {
  return {
    id: store.newId('bps'),
    object: 'billing_portal.session',
    configuration: 'bpc_standin',
    created: nowS(),
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    url: `${baseUrl()}/p/session/${store.newId('test')}`,
    ...given,
  };
}
