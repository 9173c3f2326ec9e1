import { z } from 'zod';
import { centsSchema } from './money.js';

/** A monthly plan. `amount` is cents a month for each relay; `members` null means unlimited. Shape of `GET /plans`. */
export const planSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  name: z.string().min(1),
  amount: centsSchema.refine((amount) => amount >= 0, 'must not be negative'),
  hidden: z.boolean().default(false),
  members: z.int().positive().nullable(),
  blossom: z.boolean(),
  livekit: z.boolean(),
});
export type Plan = z.infer<typeof planSchema>;

/** `PLANS_FILE`: every plan once, with the `free` one that clients rely on (amount 0, no blossom, no livekit). */
export const planListSchema = z
  .array(planSchema)
  .refine((plans) => new Set(plans.map(({ id }) => id)).size === plans.length, 'plan ids must differ')
  .refine(
    (plans) => plans.some(({ id, amount, blossom, livekit }) => id === 'free' && amount === 0 && !blossom && !livekit),
    'a plan `free` with amount 0, without blossom and livekit must exist',
  );
