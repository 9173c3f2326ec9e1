import type { RawBody } from './call-types.js';
import type { CallFacts } from './calls.js';

/** What a caller gives: parts of the path beside `query` and `body`. */
export type CallInput = Readonly<Record<string, unknown>>;

export interface BuiltRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: RawBody | undefined;
}

/** The request of a call, unsigned. Throws `TypeError` when a part of the path is missing. */
export function buildRequest(serverUrl: string, { method, path, bodyType }: CallFacts, input: CallInput): BuiltRequest {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = input[name];
    if (typeof value !== 'string' || value === '') throw new TypeError(`${method} ${path} needs ${name}`);
    return encodeURIComponent(value);
  });
  const request = { method, url: `${serverUrl.replace(/\/$/, '')}${filled}${searchOf(input['query'])}` };
  const { body } = input;
  if (body === undefined) return { ...request, headers: {}, body: undefined };
  return bodyType === null
    ? { ...request, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    : { ...request, headers: { 'Content-Type': bodyType }, body: body as RawBody };
}

function searchOf(query: unknown): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? '' : `?${search.toString()}`;
}
