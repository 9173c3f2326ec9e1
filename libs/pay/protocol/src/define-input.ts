import { z } from 'zod';

/**
 * What an Input does: `read` nothing but look, `change` something here, `pay` money out. `change` and `pay` are kept under
 * their id: a repeat is answered with what the first one did.
 */
export type Effect = 'read' | 'change' | 'pay';

/** One Input as data: the parser, the help, the OpenAPI page and the permissions of each door are all read from it. */
export function defineInput<const Code extends string, Fields extends z.ZodRawShape>(
  code: Code,
  { summary, effect, localOnly = false, fields }: InputSaid<Fields>,
) {
  const schema = z.object({ code: z.literal(code), ...fields });
  return { code, summary, effect, localOnly, schema };
}

interface InputSaid<Fields extends z.ZodRawShape> {
  /** One line for people. */
  summary: string;
  effect: Effect;
  /** Refused over RPC and REST. */
  localOnly?: boolean;
  fields: Fields;
}
