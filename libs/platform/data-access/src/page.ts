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

const cursorSchema = z.tuple([z.coerce.number().int().nonnegative(), z.union([idSchema, pubkeySchema])]);

/** A cursor is the place of the last row: its creation in milliseconds and its key. */
export function encodeCursor(createdAt: Date, key: string): string {
  return Buffer.from(`${createdAt.getTime()}.${key}`).toString('base64url');
}

/** Throws `invalid-request` for anything `encodeCursor` did not make. */
export function decodeCursor(cursor: string): { createdAt: Date; key: string } {
  const parsed = cursorSchema.safeParse(Buffer.from(cursor, 'base64url').toString('utf8').split('.'));
  if (!parsed.success) throw new AppError('invalid-request', 'cursor: take it from the Link header of the last page.');
  return { createdAt: new Date(parsed.data[0]), key: parsed.data[1] };
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
