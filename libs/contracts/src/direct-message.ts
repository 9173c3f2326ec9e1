import { pubkeySchema } from '@caravel/domain';
import { z } from 'zod';
import { defineBell } from './define.js';

/** any service → robot: the tenant has messages that are due. The rows say which. */
export const directMessage = defineBell({
  name: 'direct-message',
  payload: z.object({ tenantPubkey: pubkeySchema }),
  subject: ({ tenantPubkey }) => tenantPubkey,
});
