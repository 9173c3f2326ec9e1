import type { CallInput } from './build-request.js';

/** The search of the address that `Link: <…>; rel="next"` leads to (RFC 8288); null on the last page. */
export function nextQuery(link: string | null): Record<string, string> | null {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  if (target === undefined) return null;
  return Object.fromEntries(new URLSearchParams(target.split('?', 2)[1] ?? ''));
}

/** One answer after the other, until there is no next. Only the query of the next address is used: the server stays ours. */
export async function* pages<T>(ask: (input: CallInput) => Promise<Page<T>>, input: CallInput): AsyncGenerator<T> {
  let query: unknown = input['query'];
  for (;;) {
    const { answer, link } = await ask({ ...input, query });
    yield answer;
    query = nextQuery(link);
    if (query === null) return;
  }
}

export interface Page<T> {
  answer: T;
  /** The header of that name. */
  link: string | null;
}
