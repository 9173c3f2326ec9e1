import type { z } from 'zod';

/** What the stand-in can be told to do; the argument is checked first. */
export function action<S extends z.ZodType>(schema: S, run: (argument: z.infer<S>) => unknown): Action {
  return (argument) => run(schema.parse(argument ?? {}));
}

export type Action = (argument: unknown) => unknown;
