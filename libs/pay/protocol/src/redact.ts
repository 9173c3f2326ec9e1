import { scrubText } from './scrub-text.js';

export const HIDDEN = '***';

/**
 * An answer for whoever asked: every field whose name ends in `_secret` is hidden, in every depth. The preimage of a payment
 * and the token that was asked for are what the caller paid for, so they stay.
 */
export function redactSecrets<Value>(value: Value): Value {
  return walk(value, { isHidden: isSecretName, scrub: (text) => text }) as Value;
}

/** For logs, metrics and anything else that others read: no secret, no bearer token, no preimage, none inside a text. */
export function redactForLog(value: unknown): unknown {
  return walk(value, { isHidden: (name) => isSecretName(name) || LOG_HIDDEN.has(name), scrub: scrubText });
}

function walk(value: unknown, how: Redaction): unknown {
  if (typeof value === 'string') return how.scrub(value);
  if (Array.isArray(value)) return value.map((inner) => walk(inner, how));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, how.isHidden(name) ? hide(inner) : walk(inner, how)]),
  );
}

function hide(value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map(hide);
  if (typeof value !== 'object') return HIDDEN;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hide(inner)]));
}

const isSecretName = (name: string): boolean => name.endsWith('_secret') || name.endsWith('_SECRET');
const LOG_HIDDEN = new Set(['preimage', 'mnemonic', 'paymentPreimage']);

interface Redaction {
  isHidden: (name: string) => boolean;
  scrub: (text: string) => string;
}
