import { HIDDEN } from '@caravel/pay-protocol';
import { isSecretKey, readSuffix } from './suffix.js';

/** A value as people read it: texts are texts already, numbers stay numbers, objects are sorted by the names they now have. */
export type Readable = string | number | bigint | boolean | null | Readable[] | ReadableEntries;
/** In a class of its own: an array is a list. */
export class ReadableEntries {
  constructor(readonly entries: readonly (readonly [name: string, value: Readable])[]) {}
}

/**
 * Units go from the names to the values, secrets are hidden, names are sorted by UTF-16 code units. Two names that would become
 * the same keep their own, and their values stay raw; a secret is hidden even then.
 */
export function readable(value: unknown): Readable {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object') return isScalar(value) ? value : null;
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => ({ key, inner: inner as unknown, said: readSuffix(key, inner) }));
  const times = new Map<string, number>();
  for (const { key, said } of fields) times.set(said?.name ?? key, (times.get(said?.name ?? key) ?? 0) + 1);
  const entries = fields.map(({ key, inner, said }): [string, Readable] => {
    if (said && times.get(said.name) === 1) return [said.name, said.text];
    return [key, isSecretKey(key) ? hide(inner) : readable(inner)];
  });
  return new ReadableEntries(entries.sort(([one], [other]) => (one < other ? -1 : Number(one > other))));
}

/** Below a secret name everything is a secret; the shape stays. */
function hide(value: unknown): Readable {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(hide);
  if (typeof value !== 'object') return HIDDEN;
  return new ReadableEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner)]));
}

const isScalar = (value: unknown): value is string | number | bigint | boolean =>
  ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
