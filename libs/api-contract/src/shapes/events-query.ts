import { z } from 'zod';

const expected = 'must be the id of the last event that was received';

/** Query of an event stream: where to go on, for clients that can't send the header `Last-Event-ID`, which wins. */
export const eventsQuery = z.object({
  last_event_id: z
    .string({ error: expected })
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .exactOptional(),
});
