import type pg from 'pg';
import type { CallReply } from './call-envelope.js';

/** The channel that announces answers; its payload is the call id. */
export const REPLY_CHANNEL = 'call_reply';

/**
 * Answers of calls, in the unlogged table `call_reply`. Writing needs INSERT only; taking and sweeping SELECT and DELETE.
 * Times are the database's, because hosts may disagree about them.
 */
export function callReplies(pool: Pick<pg.Pool, 'query'>) {
  return {
    /** Stores and announces an answer; a second answer of the same call is ignored. */
    put: async (callId: string, reply: CallReply): Promise<void> => {
      await pool.query(
        `with reply as (
           insert into call_reply (call_id, answer, created_at) values ($1, $2, now()) on conflict do nothing
         )
         select pg_notify('${REPLY_CHANNEL}', $1)`,
        [callId, JSON.stringify(reply)],
      );
    },

    /** Fetches and deletes what has arrived of these calls. */
    take: async (callIds: readonly string[]): Promise<{ callId: string; reply: unknown }[]> => {
      const { rows } = await pool.query<{ callId: string; reply: unknown }>(
        `delete from call_reply where call_id = any($1::text[]) returning call_id as "callId", answer as "reply"`,
        [callIds],
      );
      return rows;
    },

    /** Deletes answers that nobody fetched within 60 s: their caller gave up or died. */
    sweep: async (): Promise<void> => {
      await pool.query(`delete from call_reply where created_at < now() - interval '60 seconds'`);
    },
  };
}

export type CallReplies = ReturnType<typeof callReplies>;
