import type { RelayResult } from './relay-pool-types.js';

/** What went wrong with one relay, as a result. */
export function failure(url: string, error: unknown): RelayResult & { ok: false } {
  const message = error instanceof Error ? error.message : String(error);
  return { url, ok: false, message: message.slice(0, 300) };
}
