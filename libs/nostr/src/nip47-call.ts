import { setMaxListeners } from 'node:events';
import { systemClock, unixSeconds } from '@caravel/domain';
import type { z } from 'zod';
import { withDeadline } from './deadline.js';
import type { NostrEvent } from './events.js';
import { exchange } from './nip47-exchange.js';
import { fetchEncryption } from './nip47-info.js';
import { readReply, requestEvent, type NwcEncryption } from './nip47-message.js';
import type { NwcCallOptions, NwcClientOptions, NwcOutcome } from './nip47-types.js';
import { relayPool } from './relay-pool.js';
import { secretSigner } from './signer.js';

interface NwcCall<Result> {
  method: string;
  params: Record<string, unknown>;
  /** A result of another form is none: better silence than a guess. */
  schema: z.ZodType<Result>;
  options: NwcCallOptions;
}

export interface NwcCaller {
  call: <Result extends object>(wanted: NwcCall<Result>) => Promise<NwcOutcome<Result>>;
  close: () => void;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_NEGOTIATION_MS = 5_000;

/** One call at a time or many: negotiates the encryption once, then exchanges one request for one answer per call. */
export function nwcCaller({ connection, connect, clock = systemClock }: NwcClientOptions): NwcCaller {
  const signer = secretSigner(connection.secret);
  const parties = { connection, signer };
  const pool = relayPool({ clock, auth: signer, ...(connect ? { connect } : {}) });
  const closed = new AbortController();
  // One listener for each call that is under way: many are no leak.
  setMaxListeners(0, closed.signal);
  let known: NwcEncryption | undefined;

  /** Not remembered when nobody could be asked. */
  async function negotiate(timeoutMs: number, signal: AbortSignal): Promise<NwcEncryption | 'unreachable'> {
    if (known) return known;
    const limits = { timeoutMs: Math.min(MAX_NEGOTIATION_MS, timeoutMs / 2), signals: [signal] };
    const answer = await withDeadline(limits, (deadline) => fetchEncryption(pool, connection, deadline));
    if (answer !== 'unreachable') known = answer;
    return answer;
  }

  return {
    async call<Result extends object>({ method, params, schema, options }: NwcCall<Result>) {
      const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
      const nowS = unixSeconds(clock.now());
      const expirationS = nowS + Math.ceil(timeoutMs / 1000);
      return withDeadline(
        { timeoutMs, signals: [signal, closed.signal] },
        async (deadline): Promise<NwcOutcome<Result>> => {
          const encryption = await negotiate(timeoutMs, deadline);
          if (encryption === 'unreachable' || deadline.aborted) return { type: 'silence', phase: 'not-sent' };
          const request = requestEvent(parties, { method, params, encryption, nowS, expirationS });
          const read = (event: NostrEvent): NwcOutcome<Result> | undefined => {
            const reply = readReply(parties, { id: request.id, method }, event);
            if (reply?.type !== 'result') return reply;
            const { data } = schema.safeParse(reply.result);
            return data && { type: 'result', ...data };
          };
          const { reply, handed } = await exchange({ pool, connection, request, read }, deadline);
          return reply ?? { type: 'silence', phase: handed ? 'sent' : 'not-sent' };
        },
      );
    },
    close() {
      closed.abort();
      pool.close();
    },
  };
}
