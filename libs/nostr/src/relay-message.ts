import { z } from 'zod';

/** What a relay may say (NIP-01, NIP-42, NIP-45). The event of an `EVENT` is not looked at yet. */
export type RelayMessage =
  | ['EVENT', string, unknown]
  | ['OK', string, boolean, string]
  | ['EOSE', string]
  | ['CLOSED', string, string]
  | ['COUNT', string, number]
  | ['AUTH', string];

/** `undefined` for everything else, `NOTICE` included: nothing follows from it. Never throws. */
export function parseRelayMessage(text: string): RelayMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** A relay's own words go into logs and rows, so they are cut. */
const MAX_TEXT_CHARS = 300;

const text = z
  .string()
  .optional()
  .default('')
  .transform((words) => words.slice(0, MAX_TEXT_CHARS));

const messageSchema: z.ZodType<RelayMessage> = z.union([
  z.tuple([z.literal('EVENT'), z.string(), z.unknown()]),
  z.tuple([z.literal('OK'), z.string(), z.boolean(), text]),
  z.tuple([z.literal('EOSE'), z.string()]),
  z.tuple([z.literal('CLOSED'), z.string(), text]),
  z.tuple([z.literal('COUNT'), z.string(), z.object({ count: z.int().nonnegative() }).transform(({ count }) => count)]),
  z.tuple([z.literal('AUTH'), z.string().max(1024)]),
]);
