import { z } from 'zod';
import { activityJson } from './activity-json.js';
import { invoiceJson } from './invoice-json.js';
import { messageJson } from './message-json.js';

/**
 * One event of a stream: its `event` line is the type, its `data` line the row as it is now. Invoices and messages come when they
 * are made and again when they end; what was missed in between is not told twice.
 */
export const tenantEventJson = z.discriminatedUnion('type', [
  z.object({ type: z.literal('activity'), data: activityJson }),
  z.object({ type: z.literal('invoice'), data: invoiceJson }),
  z.object({ type: z.literal('message'), data: messageJson }),
]);
