import { Prisma } from '@caravel/platform-data-access';

/**
 * An id of our form (UUIDv7, RFC 9562) made by PostgreSQL, for rows that only a statement knows. Of one moment, ids sort by
 * `place`, a small integer that takes the twelve bits after the version; the 62 random bits behind it make them unique.
 */
export function idSql(now: Date, place: Prisma.Sql): Prisma.Sql {
  const time = now.getTime().toString(16).padStart(12, '0');
  const head = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  return Prisma.sql`(${head}::text || lpad(to_hex((${place})::int & 4095), 3, '0') || substr(gen_random_uuid()::text, 19))`;
}
