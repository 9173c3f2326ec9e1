/** What this needs of a `pg.Pool` or client. */
export interface Queryable {
  query: (sql: string, values?: unknown[]) => Promise<{ rowCount: number | null; rows: unknown[] }>;
}

/** Removes answers nobody fetched (their caller gave up or died) after 60 s; returns how many. */
export async function sweepCallReplies(db: Queryable): Promise<number> {
  // The database's clock on both ends: hosts may disagree about the time.
  const result = await db.query(`delete from call_reply where created_at < now() - interval '60 seconds'`);
  return result.rowCount ?? 0;
}
