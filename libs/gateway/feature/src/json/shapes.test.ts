import { readFileSync } from 'node:fs';
import {
  activityJson,
  api,
  bolt11Json,
  domainJson,
  doneJson,
  draftJson,
  identityJson,
  importJson,
  invoiceItemJson,
  invoiceJson,
  messageJson,
  previewJson,
  relayJson,
  relayUsageJson,
  revenueJson,
  tenantJson,
} from '@caravel/api-contract';
import { cents, msats, planSchema, pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { bolt11Offer, id, invoice, relay, tenant } from '../testing/builders.js';
import { toActivityJson } from './activity-json.js';
import { toBolt11Json } from './bolt11-json.js';
import { toInvoiceItemJson } from './invoice-item-json.js';
import { toDraftJson, toInvoiceJson } from './invoice-json.js';
import { toMessageJson } from './message-json.js';
import { toPreviewJson } from './preview-json.js';
import { toRelayJson } from './relay-json.js';
import { toRevenueJson } from './revenue-json.js';
import { toTenantJson } from './tenant-json.js';

const file = new URL('../fixtures/shapes.json', import.meta.url);
const shapes = z.record(z.string(), z.array(z.unknown())).parse(JSON.parse(readFileSync(file, 'utf8')));
const example = (name: string, index = 0) => shapes[name]?.[index];
const SIGNER = pubkeySchema.parse('1f5e0c1b3d5a7f9e8d6c4b2a0f1e3d5c7b9a8f6e4d2c0b1a3f5e7d9c8b6a4f2e');

const schemas: Record<string, z.ZodObject> = {
  identity: identityJson,
  plan: planSchema,
  tenant: tenantJson,
  relay: relayJson,
  usage: relayUsageJson,
  domain: domainJson,
  import: importJson,
  members: z.object({ members: z.array(pubkeySchema) }),
  activity: z.object({ activity: z.array(activityJson) }),
  invoice: invoiceJson,
  message: messageJson,
  preview: previewJson,
  draft: draftJson,
  item: invoiceItemJson,
  bolt11: bolt11Json,
  done: doneJson,
  page: api.createCheckout.answer,
  received: api.stripeWebhook.answer,
  revenue: revenueJson,
  error: z.object({ error: z.string(), code: z.string(), details: z.array(z.unknown()).optional() }),
};

it('the released shapes are exactly those of the schemas', () => {
  expect(Object.keys(shapes).sort()).toEqual(Object.keys(schemas).sort());
});

it.each(Object.entries(shapes))(
  '%s: every released example is what its schema describes, field by field',
  (name, all) => {
    const schema = schemas[name]?.strict();
    for (const one of all) expect(schema?.parse(one)).toEqual(one);
  },
);

it('a tenant is told without its wallet, an error or an anchor as null when there is none', () => {
  expect(toTenantJson(tenant({ pubkey: SIGNER }))).toEqual(example('tenant'));
  const full = tenant({
    pubkey: SIGNER,
    returnUrl: 'https://app.example/spaces',
    nwcIsSet: true,
    nwcError: 'The wallet has not enough money.',
    stripeCustomerId: 'cus_1',
    stripePaymentMethodId: 'pm_1',
    stripeError: 'The card was declined.',
    billingAnchorS: 1_800_000_060,
    churnedAtS: 1_801_000_000,
  });
  expect(toTenantJson(full)).toEqual(example('tenant', 1));
});

it('a relay has flags of 0 and 1, and is synced when zooid has its last generation', () => {
  expect(toRelayJson(relay({ tenantPubkey: SIGNER }))).toEqual(example('relay'));
  expect(toRelayJson(relay({ generation: 3, appliedGeneration: 2 })).synced).toBe(0);
  expect(toRelayJson(relay({ generation: 3, appliedGeneration: 3 })).synced).toBe(1);
});

it('an activity is told without its snapshot', () => {
  const activity = toActivityJson({
    id: id(2),
    tenantPubkey: SIGNER,
    seq: 2,
    atS: 1_800_000_000,
    type: 'create_relay',
    resourceType: 'relay',
    resourceId: id(1),
    actor: SIGNER,
    snapshot: { plan_id: 'basic', amount_cents: 500, status: 'active', provisioned: false },
  });
  expect({ activity: [activity] }).toEqual(example('activity'));
});

it('an invoice says how it ended', () => {
  const mine = { tenantPubkey: SIGNER };
  expect(toInvoiceJson(invoice(mine))).toEqual(example('invoice'));
  expect(toInvoiceJson(invoice({ ...mine, paidAtS: 1_800_000_180, method: 'nwc' }))).toEqual(example('invoice', 1));
  expect(toInvoiceJson(invoice({ ...mine, voidedAtS: 1_800_000_240 }))).toEqual(example('invoice', 2));
});

it('a draft looks like an invoice, and is null when nothing is due', () => {
  const draft = {
    tenantPubkey: SIGNER,
    amountCents: cents(180),
    periodStartS: 1_800_000_060,
    periodEndS: 1_802_592_060,
    nowS: 1_800_000_300,
  };
  expect(toDraftJson(draft)).toEqual(example('draft'));
  expect(toDraftJson({ ...draft, periodStartS: null, periodEndS: null })).toEqual(example('draft', 1));
  expect(toDraftJson({ ...draft, amountCents: cents(0) })).toBeNull();
  expect(toDraftJson({ ...draft, amountCents: cents(-1) })).toBeNull();
});

it('an item may be a credit, of no relay, and not billed yet', () => {
  const item = {
    id: id(5),
    invoiceId: null,
    activityId: null,
    tenantPubkey: SIGNER,
    relayId: null,
    planId: '',
    amountCents: cents(-500),
    description: 'Payment that came late',
    createdAtS: 1_800_000_120,
    voidedAtS: 1_800_000_240,
  };
  expect(toInvoiceItemJson(item)).toEqual(example('item', 1));
});

it('a bolt11 tells its millisatoshis as a number', () => {
  expect(toBolt11Json(bolt11Offer())).toEqual(example('bolt11'));
  expect(toBolt11Json(bolt11Offer({ settledAtS: 1_800_000_180 }))).toEqual(example('bolt11', 1));
  expect(toBolt11Json(bolt11Offer({ msats: msats(9_000_000_000_000_000n) })).msats).toBe(9_000_000_000_000_000);
});

it('a message is told without what is not for its reader, and by what a field of it holds', () => {
  const message = {
    id: id(7),
    tenantPubkey: SIGNER,
    template: 'invoice-due',
    subject: id(3),
    params: { invoice_id: id(3), amount_cents: 500, sats: 7692 },
    createdAtS: 1_800_000_120,
    sentAtS: null,
    undeliverableAtS: null,
    cancelledAtS: null,
  };
  expect(toMessageJson(message)).toEqual(example('message'));
  const params = { error: 'The wallet has not enough money.', nwc_url: 'a secret', sats: 'many', method: 'other' };
  const ends = { sentAtS: 1_800_000_180, undeliverableAtS: 1_800_000_240, cancelledAtS: 1_800_000_300 };
  const sent = { ...message, id: id(8), template: 'wallet-failed', subject: id(9), params, ...ends };
  expect(toMessageJson(sent)).toEqual(example('message', 1));
});

it('a preview is told in cents and, while there is a rate, in sats', () => {
  const item = { planId: 'growth', amountCents: cents(1250), sats: 19_231, description: 'growth for the rest' };
  const invoiced = { amountCents: cents(1000), sats: 15_385, periodStartS: 1_800_000_000, periodEndS: 1_802_592_000 };
  const preview = {
    atS: 1_800_000_120,
    plan_id: 'growth',
    status: 'active' as const,
    items: [{ ...item, planId: 'basic', amountCents: cents(-250), sats: -3847, description: 'basic unused' }, item],
    amountCents: cents(1000),
    sats: 15_385,
    invoices: [invoiced],
    replacedIds: [id(3)],
  };
  expect(toPreviewJson(preview)).toEqual(example('preview'));
  const none = { items: [], amountCents: cents(0), sats: null, invoices: [], replacedIds: [] };
  expect(toPreviewJson({ ...preview, ...none, status: 'inactive' })).toEqual(example('preview', 1));
});

it('revenue is told flat, in cents and counts', () => {
  const span = { from: new Date(1_800_000_000_000), to: new Date(1_802_592_000_000) };
  const sums = {
    mrr: 125_000,
    collected: { nwc: 60_000, stripe: 45_000, oob: 1000 },
    refunded: 500,
    writtenOff: 2500,
    failedAttempts: { count: 12, amount: 9000 },
    delinquent: { tenants: 3, amount: 1695 },
    creditOutstanding: 700,
    openReceivables: { invoices: 21, amount: 10_500 },
  };
  expect(toRevenueJson(span, sums)).toEqual(example('revenue'));
});
