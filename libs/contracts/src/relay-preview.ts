import { centsSchema, idSchema, relayStatusSchema } from '@caravel/domain';
import { z } from 'zod';
import { defineCall } from './define.js';

/** Null while no rate can be trusted. */
const sats = z.int().nullable();

/**
 * gateway → billing: what it would cost now if a relay were on this plan and in this status, by the same replay that bills it.
 * Nothing is written. `invoices` would be cut at once, those in `replacedIds` (ids) voided for them.
 */
export const relayPreview = defineCall({
  name: 'relay-preview',
  service: 'billing-service',
  request: z.object({ relayId: idSchema, planId: z.string(), status: relayStatusSchema }),
  answer: z.object({
    atS: z.int(),
    items: z.array(z.object({ planId: z.string(), amountCents: centsSchema, sats, description: z.string() })),
    amountCents: centsSchema,
    sats,
    invoices: z.array(z.object({ amountCents: centsSchema, sats, periodStartS: z.int(), periodEndS: z.int() })),
    replacedIds: z.array(idSchema),
  }),
});
