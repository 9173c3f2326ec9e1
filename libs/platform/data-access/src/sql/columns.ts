import { Prisma } from '../generated/client.js';

/** Columns of a table by the names that Prisma gives them, from its list of them: `relay.plan_id AS "planId", …`. */
export function selectColumns(table: string, fields: Record<string, string>): Prisma.Sql {
  return Prisma.raw(
    Object.keys(fields)
      .map((field) => `${table}.${columnOf(field)} AS "${field}"`)
      .join(', '),
  );
}

/** `plan_id, status` and their values, for an INSERT. */
export function insertColumns(row: Row): { names: Prisma.Sql; values: Prisma.Sql } {
  return { names: Prisma.raw(Object.keys(row).map(columnOf).join(', ')), values: Prisma.join(Object.values(row)) };
}

/** `plan_id = …, status = …`, for an UPDATE. */
export function setColumns(row: Row): Prisma.Sql {
  return Prisma.join(
    Object.entries(row).map(([field, value]) => Prisma.sql`${Prisma.raw(columnOf(field))} = ${value}`),
  );
}

const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** By the names that Prisma gives the columns; never of somebody's choosing. */
type Row = Record<string, string | number | boolean | Date | null>;
