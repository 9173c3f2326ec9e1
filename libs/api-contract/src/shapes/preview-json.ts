import { centsSchema, idSchema, relayStatusSchema } from '@caravel/domain';
import { z } from 'zod';
import { timeJson } from './scalars.js';

/** Whole sats, rounded up; null while no rate can be trusted. */
const satsJson = z.int().nullable();

/** What a change would cost if it were made at `at`. Charges are positive, credits negative. */
export const previewJson = z.object({
  at: timeJson,
  plan_id: z.string(),
  status: relayStatusSchema,
  items: z.array(z.object({ plan_id: z.string(), amount: centsSchema, sats: satsJson, description: z.string() })),
  /** What the items sum to. */
  amount: centsSchema,
  sats: satsJson,
  /** What would be asked for at once; the rest comes with the next invoice. */
  invoices: z.array(z.object({ amount: centsSchema, sats: satsJson, period_start: timeJson, period_end: timeJson })),
  /** Open invoices that would be voided, because credit meets them or one of `invoices` takes their place. */
  replaced_invoices: z.array(idSchema),
});

const text = z.string({ error: 'must be text' }).max(64, 'must be at most 64 characters long');

/** Body of POST /relays/:id/preview: one of the two. */
export const previewRelayBody = z
  .object({
    plan_id: text.exactOptional(),
    status: z.enum(['active', 'inactive'], { error: 'must be active or inactive' }).exactOptional(),
  })
  .refine(({ plan_id, status }) => (plan_id === undefined) !== (status === undefined), {
    error: 'either plan_id or status, and not both',
  });
export type PreviewRelayBody = z.output<typeof previewRelayBody>;
