import type { Db } from './database.js';

/** Points of one key within its running window. */
export interface CountedRate {
  key: string;
  points: number;
  resetsInMs: number;
}

export type RateCountStore = ReturnType<typeof rateCountStore>;

/** What addresses and keys have used up of their rate limits, of all processes; by the database's clock, which they share. */
export function rateCountStore(db: Db, { windowMs }: { windowMs: number }) {
  return {
    /** Adds to the running window of each key, or opens one. Every key once in a call. */
    add: (counts: readonly { key: string; points: number }[]): Promise<CountedRate[]> => {
      const keys = counts.map(({ key }) => key);
      const points = counts.map((count) => count.points);
      // In the order of the keys, so that processes which add the same ones don't wait for each other in a circle.
      return db.$queryRaw<CountedRate[]>`
        INSERT INTO rate_count AS known (key, points, resets_at)
        SELECT key, points, now() + make_interval(secs => ${windowMs / 1000}::float8)
        FROM unnest(${keys}::text[], ${points}::int[]) AS added(key, points) ORDER BY key
        ON CONFLICT (key) DO UPDATE SET
          points = excluded.points + CASE WHEN known.resets_at > now() THEN known.points ELSE 0 END,
          resets_at = CASE WHEN known.resets_at > now() THEN known.resets_at ELSE excluded.resets_at END
        RETURNING key, points, round(extract(epoch FROM resets_at - now()) * 1000)::int AS "resetsInMs"`;
    },

    /** Removes windows that are over. */
    sweep: async (): Promise<void> => {
      await db.$executeRaw`DELETE FROM rate_count WHERE resets_at <= now()`;
    },
  };
}
