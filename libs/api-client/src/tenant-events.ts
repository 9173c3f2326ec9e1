import { ApiError } from './api-error.js';
import type { TenantEventJson } from './call-types.js';
import { backoffMs } from './retry.js';
import { streamBlocks } from './server-sent-events.js';
import type { Surroundings } from './surroundings.js';

/** An event and its place in the tenant's history: where to go on after it. */
export type TenantEvent = TenantEventJson & { id: number };

const FIRST_PAUSE_MS = 1_000;
/** The server says something every 15 seconds; a connection that is silent for so long is dead. */
const SILENCE_MS = 45_000;

/**
 * What happens to a tenant, each event once and in order, for as long as it is listened to. Connects again by itself after the
 * server has closed the stream or the network has failed. Ends when the signal is aborted; throws what trying again won't heal.
 */
export async function* tenantEvents({ open, around }: EventsDeps, options: EventsOptions): AsyncGenerator<TenantEvent> {
  const { signal = new AbortController().signal, silenceMs = SILENCE_MS } = options;
  let { lastEventId: last } = options;
  let pauseMs = FIRST_PAUSE_MS;
  let failures = 0;
  while (!signal.aborted) {
    let asked = 0;
    const connection = new AbortController();
    try {
      const response = await open(last, AbortSignal.any([signal, connection.signal]));
      for await (const { id, event, data, retryMs } of streamBlocks(chunks(response, silenceMs))) {
        failures = 0;
        pauseMs = retryMs ?? pauseMs;
        if (data === null) {
          last = id === null ? last : Number(id); // where the server begins
        } else if (last === undefined || Number(id) > last) {
          last = Number(id);
          yield { id: last, type: event, data: JSON.parse(data) as unknown } as TenantEvent;
        }
      }
    } catch (error) {
      if (isAborted(signal)) return;
      if (!(error instanceof ApiError) || !error.retryable) throw error;
      failures += 1;
      asked = (error.retryAfterS ?? 0) * 1000;
    } finally {
      connection.abort();
    }
    const waitMs = failures === 0 ? pauseMs * (1 + around.random()) : backoffMs(failures, around.random());
    await around.sleep(Math.max(waitMs, asked), signal);
  }
}

/** The text of an answer as it arrives. Throws `ApiError` (`network`) when it breaks off or stays silent. */
async function* chunks({ body }: Response, silenceMs: number): AsyncGenerator<string> {
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read(), silenceMs);
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw new ApiError('The connection was lost.', { code: 'network', cause });
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

async function withinSilence<T>(read: Promise<T>, silenceMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('silence'));
    }, silenceMs);
  });
  try {
    return await Promise.race([read, silent]);
  } finally {
    clearTimeout(timer);
  }
}

/** Not `signal.aborted` in place: it changes while nobody looks, which the compiler does not believe. */
const isAborted = (signal: AbortSignal) => signal.aborted;

export interface EventsOptions {
  /** The id of the last event that was seen; from now on when absent. */
  lastEventId?: number;
  signal?: AbortSignal;
  /** How long a silent connection is believed, in milliseconds; 45,000 when absent. */
  silenceMs?: number;
}

interface EventsDeps {
  /** Connects, once. */
  open: (lastEventId: number | undefined, signal: AbortSignal) => Promise<Response>;
  around: Pick<Surroundings, 'random' | 'sleep'>;
}
