import { z } from 'zod';

import { filterSchema } from './relay-filter.js';

const subscriptionId = z.string().min(1).max(64);

/** What a client may say: NIP-01, NIP-42 and NIP-45. The event's own shape and signature are checked later, to answer with OK. */
export const clientMessageSchema = z.union([
  z.tuple([z.literal('EVENT'), z.looseObject({ id: z.string() })]),
  z.tuple([z.literal('REQ'), subscriptionId, filterSchema], filterSchema),
  z.tuple([z.literal('COUNT'), subscriptionId, filterSchema], filterSchema),
  z.tuple([z.literal('CLOSE'), subscriptionId]),
  z.tuple([z.literal('AUTH'), z.looseObject({ id: z.string() })]),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** Undefined for anything a client may not say. */
export function parseClientMessage(text: string): ClientMessage | undefined {
  try {
    return clientMessageSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Best guess at the subscription an unreadable REQ was about, so that the client learns of it by CLOSED. */
export function brokenSubscription(text: string): string | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return Array.isArray(message) && message[0] === 'REQ' && typeof message[1] === 'string' ? message[1] : undefined;
  } catch {
    return undefined;
  }
}
