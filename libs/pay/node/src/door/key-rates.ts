import type { AdmitKey } from '@caravel/pay-rpc';
import type { RateLimit } from '../config/node-config.js';

/**
 * `[rate_limit]`, for each key by itself and for both doors together: a bucket that fills with `requestsPerSecond` up to one
 * second's worth, and at most `maxConcurrent` calls at once. Zero, or no section, is without bound.
 */
export function keyRates(limit: RateLimit | undefined, nowMs: () => number): AdmitKey {
  if (!limit) return () => () => undefined;
  const { requestsPerSecond, maxConcurrent } = limit;
  const keys = new Map<string, { tokens: number; atMs: number; running: number }>();

  return (keyName) => {
    const now = nowMs();
    const key = keys.get(keyName) ?? { tokens: requestsPerSecond, atMs: now, running: 0 };
    keys.set(keyName, key);
    key.tokens = Math.min(requestsPerSecond, key.tokens + (Math.max(now - key.atMs, 0) * requestsPerSecond) / 1000);
    key.atMs = now;
    if (requestsPerSecond > 0 && key.tokens < 1) return null;
    if (maxConcurrent > 0 && key.running >= maxConcurrent) return null;
    key.tokens -= 1;
    key.running += 1;
    return () => {
      key.running -= 1;
    };
  };
}
