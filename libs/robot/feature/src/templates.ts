import { centsSchema, idSchema } from '@caravel/domain';
import { z } from 'zod';

/** What a row carries. Names decide how values are written, see `fact-values.ts`. */
export type MessageParams = Readonly<Record<string, string | number | undefined>>;

/** One kind of message. Its words are in the files of `texts/`, under the same name. */
export interface MessageTemplate {
  /** Rows evolve by optional ones; what nobody knows is ignored. */
  params: z.ZodType<MessageParams>;
  /** Asked when the text is made: a fact that is no longer so is left out. */
  worthSaying: 'always' | 'while-invoice-open' | 'while-paused';
  /** What it tells: the facts that rows carry, at most one message a day, or what a tenant asked for, at once. */
  tells: 'facts' | 'status' | 'invoice' | 'help';
  /** For the preview, and for the test that every placeholder can be filled. Of `facts`, at least two. */
  samples: readonly MessageParams[];
}

const anyInvoice = { invoice_id: idSchema, sats: z.int().positive().optional() };
const methodSchema = z.enum(['nwc', 'stripe', 'oob']);

const aRelay = { relay_id: idSchema, relay_name: z.string() };

const sampleInvoice = { invoice_id: '01920000-0000-7000-8000-000000000001', amount_cents: 500, sats: 8065 };
const otherInvoice = { invoice_id: '01920000-0000-7000-8000-000000000002', amount_cents: 2500, sats: 40323 };

const sampleRelay = { relay_id: '01920000-0000-7000-8000-000000000003', relay_name: 'Chess club' };
const otherRelay = { relay_id: '01920000-0000-7000-8000-000000000004', relay_name: 'Choir' };

/** By the name in the row's `template`. A Map, because that name may be anything, also `constructor`. */
export const TEMPLATES: ReadonlyMap<string, MessageTemplate> = new Map<string, MessageTemplate>([
  [
    'invoice-due',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema }),
      worthSaying: 'while-invoice-open',
      tells: 'facts',
      samples: [sampleInvoice, otherInvoice],
    },
  ],
  [
    'invoice-paid',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema, method: methodSchema }),
      worthSaying: 'always',
      tells: 'facts',
      samples: [
        { ...sampleInvoice, method: 'nwc' },
        { ...otherInvoice, method: 'stripe' },
        { ...otherInvoice, invoice_id: '01920000-0000-7000-8000-000000000003', method: 'oob' },
      ],
    },
  ],
  [
    'wallet-failed',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema.optional(), error: z.string() }),
      worthSaying: 'while-invoice-open',
      tells: 'facts',
      samples: [
        { ...sampleInvoice, error: 'QUOTA_EXCEEDED: monthly budget' },
        { ...otherInvoice, error: 'INSUFFICIENT_BALANCE' },
      ],
    },
  ],
  [
    'card-failed',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema, error: z.string() }),
      worthSaying: 'while-invoice-open',
      tells: 'facts',
      samples: [
        { ...sampleInvoice, sats: undefined, error: 'Your card has expired.' },
        { ...otherInvoice, sats: undefined, error: 'Your card was declined.' },
      ],
    },
  ],
  [
    'paused-in-days',
    {
      params: z.object({ ...anyInvoice, amount_cents: centsSchema, days: z.int().positive() }),
      worthSaying: 'while-invoice-open',
      tells: 'facts',
      samples: [
        { ...sampleInvoice, days: 5 },
        { ...otherInvoice, days: 2 },
      ],
    },
  ],
  [
    'paused',
    {
      // Without an invoice: too little is owed to ask for it, and nothing keeps the tenant from starting the relays again.
      params: z.object({ invoice_id: idSchema.optional(), amount_cents: centsSchema.optional() }),
      worthSaying: 'while-paused',
      tells: 'facts',
      samples: [{ ...sampleInvoice, sats: undefined }, {}],
    },
  ],
  ['restored', { params: z.object({}), worthSaying: 'always', tells: 'facts', samples: [{}, {}] }],
  [
    'members-over-limit',
    {
      params: z.object({ ...aRelay, members: z.int(), member_limit: z.int() }),
      worthSaying: 'always',
      tells: 'facts',
      samples: [
        { ...sampleRelay, members: 11, member_limit: 10 },
        { ...otherRelay, members: 120, member_limit: 100 },
      ],
    },
  ],
  [
    'relay-idle',
    {
      params: z.object({ ...aRelay, stop_at: z.int() }),
      worthSaying: 'always',
      tells: 'facts',
      samples: [
        { ...sampleRelay, stop_at: 1_801_209_600 },
        { ...otherRelay, stop_at: 1_801_296_000 },
      ],
    },
  ],
  [
    'relay-idle-stopped',
    {
      params: z.object({ ...aRelay, delete_at: z.int() }),
      worthSaying: 'always',
      tells: 'facts',
      samples: [
        { ...sampleRelay, delete_at: 1_803_801_600 },
        { ...otherRelay, delete_at: 1_803_888_000 },
      ],
    },
  ],
  [
    'relay-idle-deleted',
    { params: z.object(aRelay), worthSaying: 'always', tells: 'facts', samples: [sampleRelay, otherRelay] },
  ],
  ['answer-status', { params: z.object({}), worthSaying: 'always', tells: 'status', samples: [] }],
  ['answer-invoice', { params: z.object({}), worthSaying: 'always', tells: 'invoice', samples: [] }],
  ['answer-help', { params: z.object({}), worthSaying: 'always', tells: 'help', samples: [] }],
]);
