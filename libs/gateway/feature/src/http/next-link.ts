/** The value of a `Link` header (RFC 8288) that leads to the next page, relative to the request. */
export function nextLink(target: string, cursor: string): string {
  const [path = '', search = ''] = target.split('?', 2);
  const query = new URLSearchParams(search);
  query.set('cursor', cursor);
  return `<${path}?${query.toString()}>; rel="next"`;
}
