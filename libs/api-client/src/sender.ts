import { ApiError } from './api-error.js';
import { buildRequest } from './build-request.js';
import type { BuiltRequest, CallInput } from './build-request.js';
import type { CallFacts } from './calls.js';
import type { CallOptions, ClientOptions } from './client-options.js';
import { httpAuth } from './http-auth.js';
import { errorOf } from './read-answer.js';
import { retry } from './retry.js';
import { theWorld } from './surroundings.js';

/** Sends a call and reads its answer: signed, within its time, and again where that is safe. Throws `ApiError`. */
export type Send = <T>(wanted: WantedCall<T>, options?: CallOptions) => Promise<T>;

export interface WantedCall<T> {
  facts: CallFacts;
  input: CallInput;
  /** Of an answer that is a success; counts as part of the try. */
  read: (response: Response) => Promise<T> | T;
  headers?: Record<string, string>;
  /** Instead of the client's. */
  tries?: number;
}

export function sender(options: ClientOptions): Send {
  const { serverUrl, signer, mode = 'session', timeoutMs = 30_000, tryTimeoutMs = 10_000, tries = 5 } = options;
  const around = { ...theWorld, ...options.surroundings };
  const auth = signer && httpAuth({ signer, serverUrl, mode, ...around });

  const sign = async (request: BuiltRequest): Promise<string> => {
    if (!auth) throw new TypeError(`${request.method} ${request.url} needs a signer`);
    return auth({ ...request, body: mode === 'strict' ? await signable(request.body) : undefined });
  };

  return async (wanted, { signal = new AbortController().signal, ...call } = {}) => {
    const { facts, input, read } = wanted;
    const request = buildRequest(serverUrl, facts, input);
    Object.assign(request.headers, wanted.headers);
    if (facts.keyed) request.headers['Idempotency-Key'] = call.idempotencyKey ?? around.newKey();

    // How long an upload takes is known to nobody but the caller.
    const allowedMs = call.timeoutMs ?? (facts.bodyType === null ? timeoutMs : Infinity);
    let untilMs = around.nowMs() + allowedMs;
    const attempt = async () => {
      signal.throwIfAborted();
      const askedMs = around.nowMs();
      if (facts.signed) request.headers['Authorization'] = await sign(request);
      untilMs += around.nowMs() - askedMs; // a person who is asked may think
      const ms = Math.min(facts.bodyType === null ? tryTimeoutMs : Infinity, untilMs - around.nowMs());
      return sendOnce(request, { signal, ms, around, read });
    };
    const repeatable = (facts.method === 'GET' || facts.keyed) && !(request.body instanceof ReadableStream);
    return retry(attempt, {
      tries: repeatable ? (wanted.tries ?? tries) : 1,
      leftMs: () => untilMs - around.nowMs(),
      signal,
      around,
    });
  };
}

/** One try. The time ends with `read`, so that what `read` leaves unread may take as long as it takes. */
async function sendOnce<T>({ url, method, headers, body }: BuiltRequest, { signal, ms, around, read }: Try<T>) {
  const late = new AbortController();
  const timer =
    ms === Infinity
      ? undefined
      : setTimeout(
          () => {
            late.abort();
          },
          Math.max(0, ms),
        );
  try {
    const response = await around.fetch(url, {
      method,
      headers,
      credentials: 'omit',
      signal: AbortSignal.any([signal, late.signal]),
      ...(body !== undefined && { body }),
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    });
    if (!response.ok) throw await errorOf(response, around.nowMs());
    return await read(response);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof ApiError) throw cause;
    throw late.signal.aborted
      ? new ApiError('The server did not answer in time. Please try again.', { code: 'timeout', cause })
      : new ApiError('The server could not be reached. Please try again.', { code: 'network', cause });
  } finally {
    clearTimeout(timer);
  }
}

/** The bytes whose hash is signed. */
async function signable(body: BuiltRequest['body']): Promise<string | Uint8Array<ArrayBuffer> | undefined> {
  if (body instanceof ReadableStream) throw new TypeError('a stream has no hash to sign: send text, bytes or a Blob');
  return body instanceof Blob ? new Uint8Array(await body.arrayBuffer()) : body;
}

interface Try<T> {
  signal: AbortSignal;
  ms: number;
  around: typeof theWorld;
  read: WantedCall<T>['read'];
}
