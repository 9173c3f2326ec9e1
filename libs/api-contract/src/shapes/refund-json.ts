import { z } from 'zod';

/** `uncovered`: cents that no payment by card covers or Stripe refused; they stay the tenant's credit. Absent when there are none. */
export const refundJson = z.object({ done: z.literal(true), uncovered: z.int().min(1).exactOptional() });
