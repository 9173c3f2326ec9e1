import { z } from 'zod';

/** Where a page of Stripe's leads back to; an address of an unknown origin is ignored, not refused. */
export const returnUrlQuery = z.object({ return_url: z.string({ error: 'must be one address' }).max(2048).optional() });
