import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { defineCall } from './define.js';

/**
 * gateway → billing: replay the tenant's history, cut what is due, settle open offers, start (do not await) a due
 * collection. The rows are the answer; `done` only says that they are up to date.
 */
export const tenantReconcile = defineCall({
  name: 'tenant-reconcile',
  service: 'billing-service',
  request: z.object({ tenantPubkey: pubkeySchema }),
  answer: z.object({ done: z.literal(true) }),
  timeoutMs: 4000,
});
