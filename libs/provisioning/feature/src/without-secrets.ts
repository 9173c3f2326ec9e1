import { isObject } from './json.js';
import type { JsonObject } from './json.js';

/**
 * The configuration as it may be stored: each secret replaced by its keyed hash, which is enough to see that it has
 * changed. The empty string stays: it means "none".
 */
export function withoutSecrets(config: JsonObject, fingerprint: (secret: string) => string): JsonObject {
  const stored: JsonObject = {};
  for (const [key, value] of Object.entries(config)) {
    if (isObject(value)) stored[key] = withoutSecrets(value, fingerprint);
    else if (SECRET_KEYS.has(key) && typeof value === 'string' && value !== '') stored[key] = fingerprint(value);
    else stored[key] = value;
  }
  return stored;
}

const SECRET_KEYS = new Set(['secret', 'access_key', 'secret_key', 'api_key', 'api_secret']);
