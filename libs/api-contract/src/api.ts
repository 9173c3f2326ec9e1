import { adminEndpoints } from './endpoints/admin.js';
import { identityEndpoints } from './endpoints/identity.js';
import { invoiceEndpoints } from './endpoints/invoices.js';
import { planEndpoints } from './endpoints/plans.js';
import { relayEndpoints } from './endpoints/relays.js';
import { stripeEndpoints } from './endpoints/stripe.js';
import { tenantEndpoints } from './endpoints/tenants.js';

/** The whole public API, by the names that clients call. */
export const api = {
  ...identityEndpoints,
  ...planEndpoints,
  ...tenantEndpoints,
  ...relayEndpoints,
  ...invoiceEndpoints,
  ...adminEndpoints,
  ...stripeEndpoints,
};
