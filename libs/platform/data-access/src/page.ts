import { AppError, idSchema, pubkeySchema } from '@caravel/domain';
import { z } from 'zod';

/** One page of a list: newest first, at most `limit` rows, after `cursor`. */
export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

export interface Page<T> {
  rows: T[];
  /** Where the next page starts; null on the last one. */
  nextCursor: string | null;
}

export const MAX_PAGE = 1000;

/** The end of the year 9999, in milliseconds: later moments are written in ways PostgreSQL does not read. */
const MAX_POSITION = 253_402_300_799_999;

const cursorSchema = z.tuple([
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().max(MAX_POSITION)),
  z.union([idSchema, pubkeySchema]),
  z.string().optional(),
]);

/** Where a row stands in a list: what the list is ordered by (creation in milliseconds, or `seq`), then its key. */
export interface Place {
  position: number;
  key: string;
  /** Of a list with several parts, the one the row was in. */
  part?: string | undefined;
}

/** A cursor is the place of a page's last row. */
export function encodeCursor({ position, key, part }: Place): string {
  return Buffer.from([position, key, ...(part === undefined ? [] : [part])].join('.')).toString('base64url');
}

/** Throws `invalid-request` for anything `encodeCursor` did not make. */
export function decodeCursor(cursor: string): Place {
  const parsed = cursorSchema.safeParse(Buffer.from(cursor, 'base64url').toString('utf8').split('.'));
  if (!parsed.success) {
    const message = 'take it from the Link header of the last page';
    throw new AppError('invalid-request', `cursor: ${message}.`, { details: [{ path: 'cursor', message }] });
  }
  const [position, key, part] = parsed.data;
  return { position, key, part };
}

/** Asks for one row more than the page holds, to know whether another one follows. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  { limit, cursorOf, map }: { limit: number; cursorOf: (row: Row) => string; map: (row: Row) => T },
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(map),
    nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}
