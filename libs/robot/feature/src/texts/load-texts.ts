import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkTexts } from './check-texts.js';
import de from './de.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import { textsSchema } from './text-schema.js';
import type { Texts } from './text-schema.js';

/** English is what the others are measured by. */
const REFERENCE = textsSchema.parse(en);

/** The languages that come with the robot. A further one is a file and a line here. */
export const LANGUAGES: ReadonlyMap<string, Texts> = new Map([
  ['en', REFERENCE],
  ['de', textsSchema.parse(de)],
]);

/** Texts that can't be used, with everything that is wrong with them. */
export class TextsError extends Error {
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[]) {
    super(`${source}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'TextsError';
    this.problems = problems;
  }
}

/**
 * The texts in `language`, checked. With a folder of the operator's, `<language>.json` there replaces words, plurals and
 * messages of ours one by one; of a language we do not have it must hold everything.
 * @throws TextsError
 */
export function loadTexts({ language, dir }: { language: string; dir?: string | undefined }): Texts {
  if (!/^[A-Za-z0-9-]+$/.test(language)) throw new TextsError('ROBOT_LANGUAGE', ['this is no language, e.g. en']);
  const ours = LANGUAGES.get(language);
  const theirs = dir === undefined ? undefined : readOverrides(dir, language);
  if (!ours && !theirs) {
    throw new TextsError('ROBOT_LANGUAGE', [
      `we have ${[...LANGUAGES.keys()].join(', ')}, and no file for ${language}`,
    ]);
  }
  const merged = theirs ? textsSchema.safeParse(merge(ours, theirs.content)) : { success: true as const, data: ours };
  const source = theirs?.file ?? `texts in ${language}`;
  if (!merged.success) throw new TextsError(source, merged.error.issues.map(toProblem));
  const texts = merged.data ?? REFERENCE;
  const problems = checkTexts(texts, REFERENCE);
  if (problems.length > 0) throw new TextsError(source, problems);
  return texts;
}

function readOverrides(dir: string, language: string): Overrides | undefined {
  if (!existsSync(dir)) throw new TextsError('ROBOT_TEXTS_DIR', ['there is no such folder']);
  const file = join(dir, `${language}.json`);
  if (!existsSync(file)) return undefined;
  try {
    return { file, content: overridesSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) };
  } catch {
    throw new TextsError(file, ['this is no JSON object that can be read']);
  }
}

/** One level deep: a message is replaced as a whole, so that its parts fit one another. */
function merge(ours: Texts | undefined, theirs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...ours };
  for (const [key, value] of Object.entries(theirs)) {
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
  }
  return merged;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const toProblem = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.')}: ${message}`;
const overridesSchema = z.record(z.string(), z.unknown());

interface Overrides {
  file: string;
  content: Record<string, unknown>;
}
