const MAX_URL_CHARS = 512;

/**
 * One spelling per relay: lower-case scheme and host, no default port, no fragment, no bare trailing slash. `undefined` for
 * what is no relay address: another scheme, a user name in it, over 512 characters.
 */
export function normalizeRelayUrl(text: string): string | undefined {
  const url = parse(text.trim());
  if (!url || !/^wss?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  const bare = url.pathname === '/' && url.search === '';
  return bare ? url.href.replace(/\/$/, '') : url.href;
}

/** Normalised, without duplicates and without what is invalid, in order, at most `max`. */
export function normalizeRelayUrls(texts: readonly string[], max: number): string[] {
  const urls = new Set<string>();
  for (const text of texts) {
    if (urls.size >= max) break; // lists come from strangers, and may have no end
    const url = normalizeRelayUrl(text);
    if (url !== undefined) urls.add(url);
  }
  return [...urls];
}

function parse(text: string): URL | undefined {
  if (text.length > MAX_URL_CHARS) return undefined;
  return URL.canParse(text) ? new URL(text) : undefined;
}
