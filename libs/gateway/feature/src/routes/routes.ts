import { docsRoutes } from '../docs/docs-routes.js';
import type { Route } from '../http/route.js';
import { postAdjustment } from './adjust-tenant.js';
import { postRelay } from './create-relay.js';
import { postCheckout } from './create-checkout.js';
import { createTenant } from './create-tenant.js';
import { postDeactivate } from './deactivate-relay.js';
import { removeRelay } from './delete-relay.js';
import { removeTenant } from './delete-tenant.js';
import { postBolt11 } from './ensure-bolt11.js';
import { exportInvoices } from './export-invoices.js';
import { exportLedger } from './export-ledger.js';
import { exportRelay } from './export-relay.js';
import { exportTenant } from './export-tenant.js';
import { exportTenantInvoices } from './export-tenant-invoices.js';
import { getBolt11 } from './get-bolt11.js';
import { getDraft } from './get-draft.js';
import { getIdentity } from './get-identity.js';
import { getInvoicePage } from './get-invoice-page.js';
import { getInvoice } from './get-invoice.js';
import { getPlan } from './get-plan.js';
import { getPortalSession } from './get-portal-session.js';
import { getPublicInvoice } from './get-public-invoice.js';
import { getRelay } from './get-relay.js';
import { getRelayDomain } from './get-relay-domain.js';
import { getRelayUsage } from './get-relay-usage.js';
import { getRevenue } from './get-revenue.js';
import { getTenant } from './get-tenant.js';
import { importRelay } from './import-relay.js';
import { listDraftItems } from './list-draft-items.js';
import { listInvoiceItems } from './list-invoice-items.js';
import { listPlans } from './list-plans.js';
import { listRelayActivity } from './list-relay-activity.js';
import { listRelayMembers } from './list-relay-members.js';
import { listRelays } from './list-relays.js';
import { listTenantInvoices } from './list-tenant-invoices.js';
import { listTenantMessages } from './list-tenant-messages.js';
import { listTenantRelays } from './list-tenant-relays.js';
import { listTenants } from './list-tenants.js';
import { postPreview } from './preview-relay.js';
import { postReactivate } from './reactivate-relay.js';
import { reconcileInvoice } from './reconcile-invoice.js';
import { reconcileTenant } from './reconcile-tenant.js';
import { postClearGrace } from './clear-grace.js';
import { postRefund } from './refund-tenant.js';
import { streamTenantEvents } from './stream-tenant-events.js';
import { postSync } from './retry-sync.js';
import { stripeWebhook } from './stripe-webhook.js';
import { putRelay } from './update-relay.js';
import { updateTenant } from './update-tenant.js';
import { postVoid } from './void-invoice.js';

/** The whole public API. */
export const routes: readonly Route[] = [
  getIdentity,
  listPlans,
  getPlan,
  listTenants,
  createTenant,
  getTenant,
  updateTenant,
  removeTenant,
  reconcileTenant,
  listTenantRelays,
  exportTenant,
  listTenantMessages,
  streamTenantEvents,
  listTenantInvoices,
  getDraft,
  listDraftItems,
  listRelays,
  postRelay,
  getRelay,
  putRelay,
  listRelayMembers,
  getRelayUsage,
  listRelayActivity,
  getRelayDomain,
  exportRelay,
  importRelay,
  postDeactivate,
  postReactivate,
  removeRelay,
  postPreview,
  postSync,
  getInvoice,
  listInvoiceItems,
  getBolt11,
  postBolt11,
  reconcileInvoice,
  getInvoicePage,
  getPublicInvoice,
  postVoid,
  postAdjustment,
  postRefund,
  postClearGrace,
  getRevenue,
  exportInvoices,
  exportLedger,
  exportTenantInvoices,
  postCheckout,
  getPortalSession,
  stripeWebhook,
  ...docsRoutes,
];
