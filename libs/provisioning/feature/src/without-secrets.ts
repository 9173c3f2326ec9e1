import { isObject } from './json.js';
import type { JsonObject } from './json.js';

/**
 * The configuration as it may be stored: each secret replaced by its keyed hash, which is enough to see that it has
 * changed. The empty string stays: it means "none".
 */
export function withoutSecrets(config: JsonObject, fingerprint: (secret: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (isObject(value)) return [key, withoutSecrets(value, fingerprint)];
      return [key, SECRET_KEYS.has(key) && typeof value === 'string' && value !== '' ? fingerprint(value) : value];
    }),
  );
}

const SECRET_KEYS = new Set(['secret', 'access_key', 'secret_key', 'api_key', 'api_secret']);
