import { z } from 'zod';

/** What became of the lines that were sent. */
export const importJson = z.object({
  /** Events that were stored; those the relay had are not counted where its program tells. */
  imported: z.int().nonnegative(),
  invalid: z.int().nonnegative(),
  /** The first hundred invalid lines; lines count from 1. */
  problems: z.array(z.object({ line: z.int().positive(), event_id: z.string(), message: z.string() })),
});
