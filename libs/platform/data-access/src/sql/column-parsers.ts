import pg from 'pg';
import { Prisma } from '../generated/client.js';

const { builtins } = pg.types;
/** `pg`'s own parser of a type, for text. */
const parserOf: (type: number) => (text: string) => unknown = pg.types.getTypeParser;
const [DATE_ARRAY, INT8_ARRAY, NUMERIC_ARRAY, TIMESTAMPTZ_ARRAY, TEXT_ARRAY] = [1182, 1016, 1231, 1185, 1009];

const bytes = parserOf(builtins.BYTEA) as (text: string) => Buffer;
const texts = parserOf(TEXT_ARRAY) as (text: string) => (string | null)[];

/** What a column's text becomes: the same as in what Prisma reads. Whatever is not here is as `pg` has it, and the same too. */
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, BigInt],
  [builtins.OID, BigInt],
  [builtins.NUMERIC, toDecimal],
  [builtins.DATE, toDay],
  [builtins.TIMESTAMP, (text) => toDate(`${text}+00`)],
  [builtins.TIMESTAMPTZ, toDate],
  [builtins.BYTEA, toBytes],
  [DATE_ARRAY, each(toDay)],
  [INT8_ARRAY, each(BigInt)],
  [NUMERIC_ARRAY, each(toDecimal)],
  [TIMESTAMPTZ_ARRAY, each(toDate)],
]);

/** For `types` of a statement. */
export const columnParsers = {
  getTypeParser: (type: number): ((text: string) => unknown) => parsers.get(type) ?? parserOf(type),
};

/** `2026-01-31 00:00:00.123456+00`; what is finer than a millisecond is cut off. */
function toDate(text: string): Date {
  return new Date(text.replace(' ', 'T').replace(HOURS_ONLY, '$&:00'));
}
const HOURS_ONLY = /[+-]\d\d$/;

/** `2026-01-31`, which begins in UTC. */
function toDay(text: string): Date {
  return new Date(text);
}

function toDecimal(text: string): Prisma.Decimal {
  return new Prisma.Decimal(text);
}

/** A copy: Node's buffers share memory with others. */
function toBytes(text: string): Uint8Array {
  return new Uint8Array(bytes(text));
}

function each(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => texts(text).map((part) => (part === null ? null : parse(part)));
}
