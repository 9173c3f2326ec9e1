import { createHash } from 'node:crypto';

const MAX_NAMES = 500;

/**
 * A name for every statement text, so that a connection parses and plans it once. `''` is PostgreSQL's unnamed statement:
 * texts without end (lists of values of any length) would fill the server's memory with plans.
 */
export function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= MAX_NAMES) return '';
    const name = createHash('sha256').update(sql).digest('base64url').slice(0, 32);
    names.set(sql, name);
    return name;
  };
}
