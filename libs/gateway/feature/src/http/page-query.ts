import { z } from 'zod';

const MAX_PAGE = 1000;
const expected = `must be a whole number from 1 to ${MAX_PAGE}`;

/** The query of every list. */
export const pageQuery = z.object({
  limit: z
    .string({ error: expected })
    .regex(/^\d{1,4}$/, expected)
    .transform(Number)
    .pipe(z.int().min(1, expected).max(MAX_PAGE, expected))
    .default(MAX_PAGE),
  cursor: z.string({ error: 'must be taken from the Link header of the last page' }).max(200).exactOptional(),
});

/** The value of a `Link` header (RFC 8288) that leads to the next page, relative to the request. */
export function nextLink(target: string, cursor: string): string {
  const [path = '', search = ''] = target.split('?', 2);
  const query = new URLSearchParams(search);
  query.set('cursor', cursor);
  return `<${path}?${query.toString()}>; rel="next"`;
}
