import type pg from 'pg';
import { Prisma } from '../generated/client.js';
import { columnParsers } from './column-parsers.js';
import { rawQueryError } from './raw-query-error.js';
import type { Sql, SqlText } from './sql.js';

/** Statements straight over `pg`: Prisma's way takes four times as long around one as the driver itself. */
export function sqlOver(run: Run, nameOf: (query: { sql: string }) => string): Sql {
  const send = async (given: SqlText, values: unknown[]): Promise<pg.QueryResult> => {
    const sql = given instanceof Prisma.Sql ? given : Prisma.sql(given, ...values);
    const { text } = sql;
    try {
      return await run({
        name: nameOf({ sql: text }),
        text,
        values: sql.values.map(toParameter),
        types: columnParsers,
      });
    } catch (error) {
      throw rawQueryError(error);
    }
  };
  return {
    $queryRaw: async <Rows>(text: SqlText, ...values: unknown[]): Promise<Rows> =>
      (await send(text, values)).rows as Rows,
    $executeRaw: async (text, ...values) => (await send(text, values)).rowCount ?? 0,
  };
}

/** `pg` would write a date in the zone of this process. */
function toParameter(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toParameter);
  return Prisma.Decimal.isDecimal(value) ? value.toString() : value;
}

/** A connection's or a pool's `query`. */
export type Run = (statement: pg.QueryConfig) => Promise<pg.QueryResult>;
