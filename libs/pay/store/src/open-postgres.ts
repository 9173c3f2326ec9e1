import { PayError } from '@caravel/pay-protocol';
import pg from 'pg';
import type { PayDb, PayRow, PayTx, PayValue } from './pay-db.js';

/** The store on a PostgreSQL server (`postgres_url_secret`), for nodes of several processes or machines. */
export function openPostgres(connectionString: string, { max = 8 }: { max?: number } = {}): PayDb {
  const pool = new pg.Pool({
    connectionString,
    max,
    types: int8AsNumber,
    options: '-c timezone=UTC',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    query_timeout: 20_000,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced; whoever uses one is told by its query.
  pool.on('error', () => undefined);
  const on = (client: Pick<pg.Pool | pg.PoolClient, 'query'>): PayTx => ({
    query: (sql, params = []) => attempt(async () => (await client.query<PayRow>(sql, params.map(toPostgres))).rows),
  });

  return {
    dialect: 'postgres',
    ...on(pool),
    transaction: async (work) => {
      const client = await attempt(() => pool.connect());
      let broken: Error | undefined;
      // Whoever waits for a query is told by it; without somebody who listens the process would end.
      const lost = (error: Error) => {
        broken = error;
      };
      client.on('error', lost);
      try {
        await on(client).query('BEGIN ISOLATION LEVEL READ COMMITTED');
        const result = await work(on(client));
        await on(client).query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((cause: unknown) => {
          broken = cause instanceof Error ? cause : new Error('the connection is broken');
        });
        throw error;
      } finally {
        client.off('error', lost);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isOurMistake(error)) throw error;
    throw new PayError('store_unavailable', 'the store cannot be reached now', { cause: error });
  }
}

/**
 * SQLSTATE classes of data, constraints, transactions' states, syntax, and what functions raise. A server that may only be read
 * (25006), or that ended an idle or a long transaction (25P03, 25P04), is one that is away.
 */
function isOurMistake(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(22|23|25(?!006|P03|P04)|42|P0)/.test(error.code ?? '');
}

/** Times in milliseconds and counts fit a number; amounts, which do not, are NUMERIC. */
const int8AsNumber = new pg.TypeOverrides();
int8AsNumber.setTypeParser(pg.types.builtins.INT8, Number);

const toPostgres = (value: PayValue): unknown => {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value) : value;
};
