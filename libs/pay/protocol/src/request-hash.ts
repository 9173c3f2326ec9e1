import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Input } from './input.js';

/**
 * What makes two requests under one id the same: SHA-256 of the parsed Input as RFC 8785 JSON, without its id, its local memo
 * and how long to wait. Amounts count as their digits, so `5`, `"5"` and `"05"` are the same amount.
 */
export function requestHash(input: Input): string {
  const counted = Object.entries(input).filter(([name]) => !IGNORED.has(name) && !name.startsWith('wait_'));
  const text = canonicalize(withDigits(Object.fromEntries(counted)));
  return `${VERSION}:${createHash('sha256').update(String(text)).digest('hex')}`;
}

/** JSON has no bigint, and `undefined` is what is absent. */
function withDigits(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(withDigits);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([name, inner]) => [name, withDigits(inner)]));
}

const IGNORED = new Set(['id', 'local_memo']);
/** Changes when the way of hashing does; a stored hash of another version is no conflict but is not comparable. */
const VERSION = 1;
