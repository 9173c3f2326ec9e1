import { scrubText } from './scrub-text.js';

export const HIDDEN = '***';

/**
 * An answer for whoever asked: every field whose name ends in `_secret` is hidden, in every depth. The preimage of a payment
 * and the token that was asked for are what the caller paid for, so they stay.
 */
export function redactSecrets<Value>(value: Value): Value {
  return walk(value, FOR_CALLER) as Value;
}

/** The same in one walk with writing integers as a door's JSON has them: it is done for every answer. */
export function redactInto(value: unknown, integer: (value: bigint) => unknown): unknown {
  return walk(value, { ...FOR_CALLER, integer });
}

/** For logs, metrics and anything else that others read: no secret, no bearer token, no preimage, none inside a text. */
export function redactForLog(value: unknown): unknown {
  return walk(value, FOR_LOG);
}

function walk(value: unknown, how: Redaction): unknown {
  if (typeof value === 'string') return how.scrub(value);
  if (typeof value === 'bigint') return how.integer(value);
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

const FOR_CALLER: Redaction = { isHidden: isSecretName, scrub: (text) => text, integer: (value) => value };
const FOR_LOG: Redaction = {
  isHidden: (name) => isSecretName(name) || LOG_HIDDEN.has(name),
  scrub: scrubText,
  integer: (value) => value,
};

interface Redaction {
  isHidden: (name: string) => boolean;
  integer: (value: bigint) => unknown;
  scrub: (text: string) => string;
}
