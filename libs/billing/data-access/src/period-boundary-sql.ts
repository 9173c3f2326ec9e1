import { Prisma } from '@caravel/platform-data-access';

/**
 * Boundary `n` of an anchor as PostgreSQL counts it, for columns or parameters of type timestamptz and integer: the same as
 * `periodBoundary` of `@caravel/billing-domain`, whatever the session's time zone. A month added in UTC clamps the day to the
 * length of the month.
 */
export const periodBoundarySql = (anchor: Prisma.Sql, n: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`((${anchor} AT TIME ZONE 'UTC' + make_interval(months => ${n})) AT TIME ZONE 'UTC')`;
