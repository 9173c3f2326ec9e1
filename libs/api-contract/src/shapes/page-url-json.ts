import { z } from 'zod';

/** A page of Stripe's. Whoever has the address can use it. */
export const pageUrlJson = z.object({ url: z.string() });
