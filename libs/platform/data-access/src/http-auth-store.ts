import type { Db } from './database.js';

export type HttpAuthStore = ReturnType<typeof httpAuthStore>;

/** HTTP auth events that were used: strict mode takes each once, whichever replica it reaches. */
export function httpAuthStore(db: Db) {
  return {
    /** True for the first use of this event, by one statement that can't race. */
    useOnce: async (eventId: string): Promise<boolean> => {
      const added =
        await db.$executeRaw`INSERT INTO used_http_auth (event_id) VALUES (${eventId}) ON CONFLICT DO NOTHING`;
      return added === 1;
    },

    /** An event is good for at most 2 minutes (60 s either way of its `created_at`); half a minute is for clocks that differ. */
    sweep: async (): Promise<void> => {
      await db.$executeRaw`DELETE FROM used_http_auth WHERE created_at < now() - interval '150 seconds'`;
    },
  };
}
