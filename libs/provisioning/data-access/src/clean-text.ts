/**
 * Makes another system's text fit for a tenant's eyes: the given secrets and everything that looks like a key are
 * replaced, control characters removed, the length bounded.
 */
export function cleanText(text: string, secrets: readonly string[] = []): string {
  const longestFirst = [...secrets].filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  const known = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  const clean = known
    .replace(/\b(nsec1|nostr\+walletconnect:)\S*/gi, HIDDEN)
    .replace(/[A-Za-z0-9+/_=]{32,}/g, HIDDEN)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return clean.length > MAX_CHARS ? `${clean.slice(0, MAX_CHARS - 1)}…` : clean;
}

const HIDDEN = '[hidden]';
const MAX_CHARS = 200;

/** Every text in `body` that lies under a key which holds secrets. */
export function secretTexts(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? (SECRET_KEYS.has(key) ? [value] : []) : secretTexts(value),
  );
}

const SECRET_KEYS = new Set(['secret', 'access_key', 'secret_key', 'api_key', 'api_secret']);
