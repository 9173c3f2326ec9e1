import pg from 'pg';

const BEGIN = 'begin';
/** Connections on which BEGIN is prepared. */
const knowing = new WeakSet<pg.PoolClient>();

/**
 * Begins a transaction with its first statement: both leave at once and are answered at once, where BEGIN by itself is a third
 * of the round trips of a short transaction. One Sync ends both, so that without BEGIN the statement is not done either.
 */
export async function beginWith(connection: pg.PoolClient, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  if (knowing.has(connection)) return beginAtOnce(connection, statement);
  await connection.query({ name: BEGIN, text: 'BEGIN' });
  knowing.add(connection);
  return connection.query(statement);
}

function beginAtOnce(connection: pg.PoolClient, statement: pg.QueryConfig): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    // A simple query would not wait for the Sync.
    const extended = { ...statement, queryMode: 'extended' };
    const query = new pg.Query(extended, (error, results) => {
      if (error) reject(error);
      else resolve(lastOf(results));
    });
    // Answers the error of a statement that can't leave.
    const submit: (wire: pg.Connection) => unknown = query.submit.bind(query);
    query.submit = (wire) => {
      wire.stream.cork();
      wire.bind({ statement: BEGIN }, true);
      wire.execute({}, true);
      const refused = submit(wire);
      wire.stream.uncork();
      return refused;
    };
    connection.query(query);
  });
}

/** `pg` makes a list of results where there are two: BEGIN's is the first. */
function lastOf(results: unknown): pg.QueryResult {
  return (Array.isArray(results) ? results.at(-1) : results) as pg.QueryResult;
}
