/**
 * Makes another system's text fit for a tenant's eyes: the given secrets, however they are written in it and where the
 * text breaks off within one, and everything that looks like a key are replaced, control characters removed, the length
 * bounded.
 */
export function cleanText(text: string, secrets: readonly string[] = []): string {
  const longestFirst = [...new Set(secrets.flatMap(spellings))].sort((a, b) => b.length - a.length);
  const whole = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  const clean = withoutCutSecret(whole, longestFirst)
    .replace(/\b(nsec1|nostr\+walletconnect:)\S*/gi, HIDDEN)
    .replace(/[A-Za-z0-9+/_=]{32,}/g, HIDDEN)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return clean.length > MAX_CHARS ? `${clean.slice(0, MAX_CHARS - 1)}…` : clean;
}

/** As it is, as in JSON (Go also escapes <, > and &), as in JSON within JSON, and as in a URL. */
function spellings(secret: string): string[] {
  if (secret === '') return [];
  const json = [quoted(secret), goQuoted(secret)];
  return [secret, ...json, ...json.flatMap((text) => [quoted(text), goQuoted(text)]), encodeURIComponent(secret)];
}

const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);
const goQuoted = (text: string): string =>
  quoted(text).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);

/** A program may have cut its text in the middle of a secret; a few characters of one say nothing. */
function withoutCutSecret(text: string, secrets: readonly string[]): string {
  for (const secret of secrets) {
    for (let length = secret.length - 1; length >= TELLING_CHARS; length -= 1) {
      if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}${HIDDEN}`;
    }
  }
  return text;
}

const TELLING_CHARS = 4;
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
