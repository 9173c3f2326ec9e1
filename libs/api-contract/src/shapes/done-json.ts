import { z } from 'zod';

/** A command was carried out, or had been before. */
export const doneJson = z.object({ done: z.literal(true) });
