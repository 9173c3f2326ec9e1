import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { activityJson } from '../shapes/activity-json.js';
import { doneJson } from '../shapes/done-json.js';
import { eventsQuery } from '../shapes/events-query.js';
import { invoiceItemJson } from '../shapes/invoice-item-json.js';
import { invoiceJson } from '../shapes/invoice-json.js';
import { messageJson } from '../shapes/message-json.js';
import { pageQuery } from '../shapes/page-query.js';
import { pageUrlJson } from '../shapes/page-url-json.js';
import { relayJson } from '../shapes/relay-json.js';
import { returnUrlQuery } from '../shapes/return-url-query.js';
import { createTenantBody, updateTenantBody } from '../shapes/tenant-fields.js';
import { tenantJson } from '../shapes/tenant-json.js';

export const tenantEndpoints = {
  listTenants: endpoint({
    method: 'GET',
    path: '/tenants',
    policy: 'admin',
    summary: 'All tenants, newest first',
    query: pageQuery,
    answer: z.array(tenantJson),
  }),
  createTenant: endpoint({
    method: 'POST',
    path: '/tenants',
    policy: 'authenticated',
    summary: "The caller's account, made when it is missing; `return_url` is where links lead back to",
    body: createTenantBody,
    answer: tenantJson,
    idempotency: 'stored',
  }),
  getTenant: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey',
    policy: 'adminOrTenant',
    summary: 'An account',
    answer: tenantJson,
  }),
  updateTenant: endpoint({
    method: 'PUT',
    path: '/tenants/:pubkey',
    policy: 'adminOrTenant',
    summary: 'Connects a wallet (NWC), or disconnects it with an empty `nwc_url`; without the field nothing changes',
    body: updateTenantBody,
    answer: tenantJson,
    errors: ['nwc-url-invalid'],
  }),
  deleteTenant: endpoint({
    method: 'DELETE',
    path: '/tenants/:pubkey',
    policy: 'adminOrTenant',
    summary:
      'Deletes the account and its stopped relays when nothing is owed and no credit is left; wallet, card and names are erased, invoices are kept',
    answer: doneJson,
    errors: ['relay-active', 'account-not-settled'],
  }),
  reconcileTenant: endpoint({
    method: 'POST',
    path: '/tenants/:pubkey/reconcile',
    policy: 'adminOrTenant',
    summary: 'Brings bills up to date, then answers the account; the account as it is stored when billing is away',
    answer: tenantJson,
  }),
  listTenantRelays: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/relays',
    policy: 'adminOrTenant',
    summary: "A tenant's relays, newest first",
    query: pageQuery,
    answer: z.array(relayJson),
  }),
  exportTenant: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/export',
    policy: 'adminOrTenant',
    summary:
      'Everything the account has, as one JSON document: relays, invoices with their items, messages and activity',
    answer: z.object({
      tenant: tenantJson,
      relays: z.array(relayJson),
      invoices: z.array(z.object({ ...invoiceJson.shape, items: z.array(invoiceItemJson) })),
      draft_items: z.array(invoiceItemJson),
      messages: z.array(messageJson),
      activity: z.array(activityJson),
    }),
    answerType: 'application/json; raw',
  }),
  listTenantMessages: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/messages',
    policy: 'adminOrTenant',
    summary: 'What the robot has told the tenant, or is about to, newest first',
    query: pageQuery,
    answer: z.array(messageJson),
  }),
  /** `fetch` reads it: an EventSource can't sign. Each event is a `tenantEventJson`; its `id` is where to go on. */
  streamTenantEvents: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/events',
    policy: 'adminOrTenant',
    summary:
      'Activity, invoices and messages as they happen (server-sent events), from now or after `Last-Event-ID`; ends after 10 minutes',
    query: eventsQuery,
    answer: z.string(),
    answerType: 'text/event-stream',
  }),
  getPortalSession: endpoint({
    method: 'GET',
    path: '/tenants/:pubkey/stripe/session',
    policy: 'sameTenantOnly',
    summary: 'A page of Stripe’s where the tenant saves or removes a card',
    query: returnUrlQuery,
    answer: pageUrlJson,
    errors: ['stripe-customer-create-failed'],
  }),
};
