import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { endpoint } from '../endpoint.js';
import { activityJson } from '../shapes/activity-json.js';
import { domainJson } from '../shapes/domain-json.js';
import { importJson } from '../shapes/import-json.js';
import { pageQuery } from '../shapes/page-query.js';
import { previewJson, previewRelayBody } from '../shapes/preview-json.js';
import { createRelayBody, updateRelayBody } from '../shapes/relay-fields.js';
import { relayJson } from '../shapes/relay-json.js';
import { relayUsageJson, usageQuery } from '../shapes/usage-json.js';

const changeErrors = ['plan-unknown', 'plan-hidden', 'account-past-due', 'relay-limit'] as const;

const settingsErrors = [
  'subdomain-invalid',
  'subdomain-reserved',
  'subdomain-exists',
  'feature-not-in-plan',
  ...changeErrors,
] as const;

export const relayEndpoints = {
  listRelays: endpoint({
    method: 'GET',
    path: '/relays',
    policy: 'admin',
    summary: 'All relays, newest first',
    query: pageQuery,
    answer: z.array(relayJson),
  }),
  createRelay: endpoint({
    method: 'POST',
    path: '/relays',
    policy: 'adminOrTenant',
    summary: 'Creates a relay for the caller, or as an admin for the tenant in the body; it comes up by itself',
    body: createRelayBody,
    status: 201,
    answer: relayJson,
    errors: [...settingsErrors, 'tenant-missing'],
    idempotency: 'stored',
  }),
  getRelay: endpoint({
    method: 'GET',
    path: '/relays/:id',
    policy: 'adminOrTenant',
    summary: 'A relay',
    answer: relayJson,
  }),
  updateRelay: endpoint({
    method: 'PUT',
    path: '/relays/:id',
    policy: 'adminOrTenant',
    summary: 'Changes the fields that are sent; a smaller plan switches off what it does not include',
    body: updateRelayBody,
    answer: relayJson,
    errors: [...settingsErrors, 'forbidden', 'too-many-members'],
  }),
  listRelayMembers: endpoint({
    method: 'GET',
    path: '/relays/:id/members',
    policy: 'adminOrTenant',
    summary: "The relay's members, asked live; none before it is up",
    answer: z.object({ members: z.array(pubkeySchema) }),
  }),
  getRelayUsage: endpoint({
    method: 'GET',
    path: '/relays/:id/usage',
    policy: 'adminOrTenant',
    summary: 'Events, members and bytes of the relay, day by day, newest first; a day nobody could look is missing',
    query: usageQuery,
    answer: relayUsageJson,
  }),
  listRelayActivity: endpoint({
    method: 'GET',
    path: '/relays/:id/activity',
    policy: 'adminOrTenant',
    summary: 'What happened to the relay, newest first',
    query: pageQuery,
    answer: z.object({ activity: z.array(activityJson) }),
  }),
  deactivateRelay: endpoint({
    method: 'POST',
    path: '/relays/:id/deactivate',
    policy: 'adminOrTenant',
    summary: 'Stops the relay; it costs nothing from now on',
    answer: relayJson,
    idempotency: 'stored',
  }),
  reactivateRelay: endpoint({
    method: 'POST',
    path: '/relays/:id/reactivate',
    policy: 'adminOrTenant',
    summary: 'Starts a stopped or deleted relay again; one that is paused for an unpaid invoice comes back by paying',
    answer: relayJson,
    errors: ['relay-delinquent', 'account-past-due', 'relay-limit', 'subdomain-exists'],
    idempotency: 'stored',
  }),
  deleteRelay: endpoint({
    method: 'DELETE',
    path: '/relays/:id',
    policy: 'adminOrTenant',
    summary: 'Deletes a stopped relay; reactivating it brings it back for 30 days, then it is gone for good',
    answer: relayJson,
    errors: ['relay-active'],
  }),
  previewRelay: endpoint({
    method: 'POST',
    path: '/relays/:id/preview',
    policy: 'adminOrTenant',
    summary: 'What a change of plan or status would cost now, to the cent; nothing is changed',
    body: previewRelayBody,
    answer: previewJson,
    errors: [...changeErrors, 'too-many-members', 'relay-delinquent'],
  }),
  getRelayDomain: endpoint({
    method: 'GET',
    path: '/relays/:id/domain',
    policy: 'adminOrTenant',
    summary:
      "The relay's own domain: the DNS records to add, and what was missing when they were last looked at. A new domain is " +
      'looked at every 30 seconds; a verified one that stops pointing here is lost after 48 hours',
    answer: domainJson,
  }),
  exportRelay: endpoint({
    method: 'GET',
    path: '/relays/:id/export',
    policy: 'adminOrTenant',
    summary:
      'Every event the relay shows its own key, one a line, newest first, as a file; not what it shows nobody else: deleted, ' +
      "replaced, expired and ephemeral events, other people's gift wraps and push subscriptions. Files are no events. A " +
      'connection that breaks off means that the file is incomplete',
    answer: z.string(),
    answerType: 'application/x-ndjson',
    errors: ['relay-inactive', 'relay-delinquent'],
  }),
  importRelay: endpoint({
    method: 'POST',
    path: '/relays/:id/import',
    policy: 'adminOrTenant',
    summary:
      'Takes events, one a line, of any number: those with a right id and signature are stored, the first hundred others are ' +
      'told. Repeating it is harmless. Where the operator has not set it up it answers `service-unavailable`',
    bodyType: 'application/x-ndjson',
    answer: importJson,
  }),
  retrySync: endpoint({
    method: 'POST',
    path: '/relays/:id/sync',
    policy: 'adminOrTenant',
    summary: 'Tries again at once to bring the relay up, also when that had been given up',
    answer: relayJson,
    idempotency: 'stored',
  }),
};
