import { httpExchange } from '@caravel/service';
import { z } from 'zod';
import { ZooidError } from './zooid-error.js';

/** Of a NIP-11 document what zooid's configuration decides. A field that isn't there is ''. */
export interface RelayInfo {
  name: string;
  icon: string;
  description: string;
  pubkey: string;
}

/**
 * Reads a relay's NIP-11 document at `url` under the host name `host`; null on 404, zooid's answer for hosts that it
 * doesn't serve. Throws ZooidError on everything else.
 */
export async function readRelayInfo({ url, host, signal }: RelayInfoQuestion): Promise<RelayInfo | null> {
  const headers = { host, accept: 'application/nostr+json' };
  const answer = await httpExchange({
    url,
    method: 'GET',
    headers,
    signal,
    maxBytes: MAX_BYTES,
    repeatable: true,
  }).catch((error: unknown) => {
    throw new ZooidError('The relay could not be reached.', { cause: error });
  });
  if (answer.status === 404) return null;
  const read = answer.status === 200 ? documentSchema.safeParse(answer.body) : undefined;
  if (!read?.success) throw new ZooidError(`The relay answered with an error (${answer.status}).`);
  return read.data;
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const documentSchema = z
  .string()
  .transform((body, context): unknown => {
    try {
      return JSON.parse(body);
    } catch {
      context.addIssue('not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.object({ name: text, icon: text, description: text, pubkey: text }));

/** An icon may be a data URL. */
const MAX_BYTES = 1024 * 1024;

interface RelayInfoQuestion {
  url: string;
  host: string;
  signal: AbortSignal;
}
