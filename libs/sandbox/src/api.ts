import { makeHttpAuth } from '@caravel/nostr';
import type { Signer } from '@caravel/nostr';
import { z } from 'zod';

const envelopeSchema = z
  .object({ data: z.unknown(), code: z.string(), error: z.string().optional() })
  .partial({ data: true });

/** Calls the public API as a frontend does: one NIP-98 header for the session, JSON in and out. */
export interface Api {
  call: <T>(request: { method: string; path: string; body?: unknown }, answer: z.ZodType<T>) => Promise<T>;
}

/** Shorter than any outage of a queue that tests make: a command answers whatever happens to queues. */
const CALL_MS = 8_000;

export function sessionApi(serverUrl: string, signer: Signer, nowS: () => number): Api {
  const header = makeHttpAuth({ signer, url: serverUrl, nowS: nowS() });
  return {
    call: async ({ method, path, body }, answerSchema) => {
      const answer = await fetch(`${serverUrl}${path}`, {
        method,
        headers: { authorization: header, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(CALL_MS),
      });
      const envelope = envelopeSchema.parse(await answer.json());
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${envelope.code} ${envelope.error ?? ''}`);
      return answerSchema.parse(envelope.data);
    },
  };
}
