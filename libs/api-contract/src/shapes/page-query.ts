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
