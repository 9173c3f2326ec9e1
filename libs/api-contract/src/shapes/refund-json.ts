import { z } from 'zod';

/** `uncovered`: cents that no payment by card covers; they stay the tenant's credit. Absent when all is given back. */
export const refundJson = z.object({ done: z.literal(true), uncovered: z.int().min(1).exactOptional() });
