import {
  activityTypeSchema,
  centsSchema,
  idSchema,
  planSchema,
  pubkeySchema,
  relayStatusSchema,
} from '@caravel/domain';
import type { z } from 'zod';
import { activityJson } from '../shapes/activity-json.js';
import { bolt11Json } from '../shapes/bolt11-json.js';
import { doneJson } from '../shapes/done-json.js';
import { identityJson } from '../shapes/identity-json.js';
import { invoiceItemJson } from '../shapes/invoice-item-json.js';
import { draftJson, invoiceJson } from '../shapes/invoice-json.js';
import { messageJson } from '../shapes/message-json.js';
import { pageUrlJson } from '../shapes/page-url-json.js';
import { previewJson } from '../shapes/preview-json.js';
import { reasonJson } from '../shapes/reason-json.js';
import { createRelayBody, updateRelayBody } from '../shapes/relay-fields.js';
import { relayJson } from '../shapes/relay-json.js';
import { revenueJson } from '../shapes/revenue-json.js';
import { flagJson, timeJson } from '../shapes/scalars.js';
import { createTenantBody, updateTenantBody } from '../shapes/tenant-fields.js';
import { tenantJson } from '../shapes/tenant-json.js';
import { relayUsageJson, usageDayJson } from '../shapes/usage-json.js';

/** Shapes that have a name in the document and are referred to by it; any other is written out where it is used. */
export const namedShapes: Record<string, { schema: z.ZodType; about: string }> = {
  Id: { schema: idSchema, about: 'An opaque id: a UUID.' },
  Pubkey: { schema: pubkeySchema, about: 'A Nostr public key: 64 lower-case hex characters. A tenant is one key.' },
  Time: { schema: timeJson, about: 'Unix seconds.' },
  Flag: { schema: flagJson, about: '0 for no, 1 for yes.' },
  Cents: { schema: centsSchema, about: 'US cents.' },
  ActivityType: { schema: activityTypeSchema, about: 'What happened.' },
  RelayStatus: {
    schema: relayStatusSchema,
    about: '`inactive`: stopped by its tenant or an admin. `delinquent`: stopped because an invoice was not paid.',
  },
  Reason: { schema: reasonJson, about: 'Why it is done, in one line. The tenant reads it.' },
  Identity: { schema: identityJson, about: 'Who signed.' },
  Plan: { schema: planSchema, about: 'A monthly plan. `amount` is asked for each relay on it.' },
  Tenant: {
    schema: tenantJson,
    about: 'An account. Whether a wallet is connected is told, its connection text never.',
  },
  Relay: {
    schema: relayJson,
    about: 'A relay. It comes up by itself: `synced` turns 1 when it runs as described here.',
  },
  RelayUsage: {
    schema: relayUsageJson,
    about: 'How a relay is used, as it was seen at the last look: every relay is looked at once a day.',
  },
  UsageDay: { schema: usageDayJson, about: 'One day in UTC. A day nobody could look is missing.' },
  Activity: { schema: activityJson, about: 'One line of the log.' },
  Invoice: { schema: invoiceJson, about: 'An invoice. It is open while neither paid nor voided.' },
  Preview: { schema: previewJson, about: 'What a change would cost if it were made now.' },
  Draft: { schema: draftJson, about: 'What would be invoiced now. It looks like an invoice but is not stored.' },
  InvoiceItem: { schema: invoiceItemJson, about: 'A charge (positive) or a credit (negative).' },
  Bolt11: { schema: bolt11Json, about: 'A Lightning invoice (BOLT 11) that pays one of ours.' },
  Message: {
    schema: messageJson,
    about:
      'What the robot tells the tenant by direct message. It is on its way until one of its last three times is set.',
  },
  PageUrl: { schema: pageUrlJson, about: 'A page of Stripe’s. Whoever has the address can use it.' },
  Revenue: { schema: revenueJson, about: 'Sums in US cents, and counts.' },
  Done: { schema: doneJson, about: 'It was carried out, now or by an earlier request with the same Idempotency-Key.' },
  CreateRelay: { schema: createRelayBody, about: 'A relay to create. Fields we do not know are ignored.' },
  UpdateRelay: { schema: updateRelayBody, about: 'Any of these fields; what is left out stays as it is.' },
  CreateTenant: { schema: createTenantBody, about: 'All of it may be left out.' },
  UpdateTenant: { schema: updateTenantBody, about: 'What is left out stays as it is.' },
};
