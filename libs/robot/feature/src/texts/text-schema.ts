import { z } from 'zod';

/**
 * What the robot says in one language: a file beside this one, or the operator's. A line is left out when something it names
 * in braces is unknown; of a list of lines the first is taken that can be said.
 */
const lineSchema = z.union([z.string(), z.array(z.string()).min(2)]);
const linesSchema = z.array(lineSchema);

const messageTextSchema = z.strictObject({
  /** About one fact. Not for answers. */
  one: linesSchema.min(1).optional(),
  /** About several: what comes first, what is said of each, what comes last. */
  several: z.strictObject({ before: linesSchema.min(1), each: linesSchema, after: linesSchema }),
});

const pluralSchema = z.partialRecord(z.enum(['zero', 'one', 'two', 'few', 'many', 'other']), z.string());
const commandWords = z.array(z.string().regex(/^[\p{L}\p{N}?!]+$/u)).min(1);

export const textsSchema = z.strictObject({
  /** A BCP 47 tag; it decides how numbers, amounts, dates and plurals are written. */
  language: z.string().refine(isLanguage, { error: 'a language that this Node.js can write numbers and dates in' }),
  /** Names of values that are chosen from a list, e.g. `method`. */
  words: z.record(z.string(), z.record(z.string(), z.string())),
  /** Names of numbers that are counted, with a form for each of the language's plural categories. `{n}` is the number. */
  plurals: z.record(z.string(), pluralSchema),
  amount_with_sats: z.string(),
  sats: z.string(),
  and_more: z.string(),
  /** Words that a tenant may send, in lower case. */
  commands: z.strictObject({ status: commandWords, invoice: commandWords, help: commandWords }),
  /** By the name of the template. */
  messages: z.record(z.string(), messageTextSchema),
});

export type Line = z.output<typeof lineSchema>;
export type MessageText = z.output<typeof messageTextSchema>;
export type Texts = z.output<typeof textsSchema>;
export type Command = keyof Texts['commands'];

function isLanguage(tag: string): boolean {
  try {
    return Intl.PluralRules.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
