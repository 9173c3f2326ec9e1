import { ApiError } from './api-error.js';

/** The `data` of a JSON answer that is a success. Throws `ApiError` when it can't be read. */
export async function readData(response: Response): Promise<unknown> {
  const envelope = await jsonOf(response);
  if (envelope === undefined || !('data' in envelope)) throw unreadable(response, 0);
  return envelope['data'];
}

/** What a refusal says. `nowMs` is for a `Retry-After` that is a date. */
export async function errorOf(response: Response, nowMs: number): Promise<ApiError> {
  const envelope = await jsonOf(response);
  const { error, code, details } = envelope ?? {};
  if (typeof error !== 'string' || typeof code !== 'string') return unreadable(response, nowMs);
  return new ApiError(error, {
    ...factsOf(response, nowMs),
    code,
    ...(Array.isArray(details) && { details: details as { path: string; message: string }[] }),
  });
}

async function jsonOf(response: Response): Promise<Record<string, unknown> | undefined> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(response: Response, nowMs: number): ApiError {
  const message = `The server's answer (${response.status}) could not be read. Is its address right?`;
  return new ApiError(message, { ...factsOf(response, nowMs), code: 'unreadable-answer' });
}

function factsOf({ status, headers }: Response, nowMs: number) {
  return { status, requestId: headers.get('X-Request-Id'), retryAfterS: secondsOf(headers.get('Retry-After'), nowMs) };
}

/** `Retry-After` is seconds or a date (RFC 9110 section 10.2.3). */
function secondsOf(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - nowMs) / 1000);
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}
