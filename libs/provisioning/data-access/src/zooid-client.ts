import { pubkeySchema } from '@caravel/domain';
import type { Clock, Id, Pubkey } from '@caravel/domain';
import { makeHttpAuth } from '@caravel/nostr';
import type { Signer } from '@caravel/nostr';
import { httpExchange, signalWithin } from '@caravel/service';
import type { HttpAnswer, Metrics } from '@caravel/service';
import { z } from 'zod';
import { cleanText, secretTexts } from './clean-text.js';
import type { JsonObject } from './json.js';
import { readRelayInfo } from './relay-info.js';
import type { RelayInfo } from './relay-info.js';
import { ZooidError } from './zooid-error.js';

export type ZooidClient = ReturnType<typeof zooidClient>;

/**
 * zooid's management API, every call with a NIP-98 event of its own and a deadline, and the relays' NIP-11 documents.
 * What zooid certainly did is an answer; throws `ZooidError` when that is unknown (no answer, 5xx, 429).
 */
export function zooidClient(options: ZooidClientOptions) {
  const apiUrl = options.apiUrl.replace(/\/+$/, '');
  const relayUrl = options.relayUrl ?? new URL(apiUrl).origin;
  const call = <Result>(
    operation: string,
    question: Question,
    read: (answer: HttpAnswer, secrets: readonly string[]) => Result,
  ): Promise<Result> => {
    const secrets = [...(options.secrets ?? []), ...secretTexts(question.config)];
    const run = async () => read(await ask(question, options), secrets);
    return options.metrics ? options.metrics.observeCall({ target: 'zooid', operation }, run) : run();
  };

  return {
    /** POST: `conflict` when the id exists, or host or schema are another's. The config has the relay's `secret`. */
    create: (relayId: Id, config: JsonObject, signal: AbortSignal): Promise<ZooidAnswer> => {
      const url = `${apiUrl}/relay/${relayId}`;
      return call('create', { method: 'POST', url, config, signal }, toAnswer);
    },
    /** PATCH, RFC 7396: `missing` when zooid doesn't know the id, `conflict` when host or schema are another's. */
    patch: (relayId: Id, patch: JsonObject, signal: AbortSignal): Promise<ZooidAnswer> => {
      const url = `${apiUrl}/relay/${relayId}`;
      return call('patch', { method: 'PATCH', url, config: patch, signal }, (answer, secrets) =>
        answer.status === 404 ? { kind: 'missing' } : toAnswer(answer, secrets),
      );
    },
    /** DELETE: zooid serves it no longer and forgets its config; also when it did not know it. */
    remove: (relayId: Id, signal: AbortSignal): Promise<void> => {
      const url = `${apiUrl}/relay/${relayId}`;
      return call('remove', { method: 'DELETE', url, signal }, (answer, secrets) => {
        if (![200, 204, 404].includes(answer.status)) throw failure(answer, secrets);
      });
    },
    /** Everybody who is a member now; null when zooid doesn't know the relay. */
    members: (relayId: Id, signal: AbortSignal): Promise<Pubkey[] | null> => {
      const url = `${apiUrl}/relay/${relayId}/members`;
      return call('members', { method: 'GET', url, signal }, (answer, secrets) => {
        if (answer.status === 404) return null;
        const read = answer.status === 200 ? membersSchema.safeParse(parseJson(answer.body)) : undefined;
        if (!read?.success) throw failure(answer, secrets);
        return read.data.members;
      });
    },
    /** The NIP-11 document under the relay's own host name; null when no relay is served there. */
    relayInfo: (host: string, signal: AbortSignal): Promise<RelayInfo | null> =>
      readRelayInfo({ url: relayUrl, host, signal }),
  };
}

async function ask({ method, url, config, signal }: Question, options: ZooidClientOptions): Promise<HttpAnswer> {
  const { signer, clock, timeoutMs = 5000, onClockSkew } = options;
  const deadline = signalWithin(signal, timeoutMs);
  const body = config && JSON.stringify(config);
  const nowS = Math.floor(clock.now().getTime() / 1000);
  const headers = {
    accept: 'application/json',
    authorization: makeHttpAuth({ signer, url, nowS, method, body }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  try {
    const maxBytes = method === 'GET' ? MAX_MEMBERS_BYTES : MAX_ANSWER_BYTES;
    const answer = await httpExchange({
      url,
      method,
      headers,
      body,
      maxBytes,
      signal: deadline,
    });
    const skewMs = Date.parse(answer.headers.date ?? '') - clock.now().getTime();
    if (!Number.isNaN(skewMs)) onClockSkew?.(skewMs);
    return answer;
  } catch (error) {
    if (deadline.aborted && !signal.aborted)
      throw new ZooidError('The relay server did not answer in time.', { cause: error });
    throw new ZooidError('The relay server could not be reached.', { cause: error });
  }
}

function toAnswer(answer: HttpAnswer, secrets: readonly string[]): ZooidAnswer {
  const { status } = answer;
  if (status === 200 || status === 201 || status === 204) return { kind: 'done' };
  if (status === 409) return { kind: 'conflict' };
  if (status < 400 || status >= 500 || status === 408 || status === 429) throw failure(answer, secrets);
  const said = status === 400 || status === 422 ? errorText(answer, secrets) : '';
  return { kind: 'refused', reason: `The relay server refused (${status})${said && `: ${said}`}` };
}

function failure(answer: HttpAnswer, secrets: readonly string[]): ZooidError {
  const detail = errorText(answer, secrets);
  return new ZooidError(`The relay server answered with an error (${answer.status}).`, { detail });
}

function errorText({ body }: HttpAnswer, secrets: readonly string[]): string {
  const read = errorSchema.safeParse(parseJson(body));
  return cleanText(read.success ? read.data.error : body, secrets);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const errorSchema = z.object({ error: z.string() });
const membersSchema = z.object({ members: z.array(pubkeySchema) });

const MAX_ANSWER_BYTES = 64 * 1024;
/** About 120,000 members. */
const MAX_MEMBERS_BYTES = 8 * 1024 * 1024;

/** `refused`: zooid certainly did nothing; the reason is free of secrets. */
export type ZooidAnswer = { kind: 'done' | 'conflict' | 'missing' } | { kind: 'refused'; reason: string };

export interface ZooidClientOptions {
  /** `ZOOID_API_URL`. */
  apiUrl: string;
  /** `ZOOID_RELAY_URL`: where zooid serves relays; the address of `apiUrl` when left out. */
  relayUrl?: string | undefined;
  /** Its key is in zooid's whitelist. */
  signer: Signer;
  clock: Clock;
  /** What must never appear in an error, whatever zooid answers. */
  secrets?: readonly string[];
  /** For each management call. */
  timeoutMs?: number;
  metrics?: Metrics;
  /** zooid's clock minus ours, from each answer's Date header (whole seconds). NIP-98 allows 60 s either way. */
  onClockSkew?: (skewMs: number) => void;
}

interface Question {
  method: 'POST' | 'PATCH' | 'GET' | 'DELETE';
  url: string;
  config?: JsonObject;
  signal: AbortSignal;
}
