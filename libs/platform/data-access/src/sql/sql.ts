import type { Prisma } from '../generated/client.js';

/** A tagged template, or what `Prisma.sql` makes of one. */
export type SqlText = TemplateStringsArray | Prisma.Sql;

/**
 * Statements in SQL and nothing else: a client, an open transaction of Prisma's, or one of `inSqlTransaction`. Rows have columns
 * as Prisma gives them: `Date`, `bigint` for int8, `Decimal` for numeric, JSON parsed.
 */
export interface Sql {
  /** The rows. */
  $queryRaw: <Rows = unknown>(text: SqlText, ...values: unknown[]) => Promise<Rows>;
  /** How many rows it wrote. */
  $executeRaw: (text: SqlText, ...values: unknown[]) => Promise<number>;
}
