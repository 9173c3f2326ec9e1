import { z } from 'zod';

/** Recorded answers that a schema describes; of a list, each as its only entry. */
export type ExamplesOf = (answer: z.ZodType) => unknown[];

/**
 * Finds, among recorded shapes, those that a schema describes field by field. There is no list of what belongs to what: a
 * new answer is found as soon as one of its kind is recorded.
 */
export function examplesAmong(recorded: Readonly<Record<string, readonly unknown[]>>): ExamplesOf {
  const all = Object.values(recorded).flat();
  return (answer) => {
    if (answer instanceof z.ZodArray) {
      const { element } = answer as z.ZodArray<z.ZodType>;
      return all.filter((example) => describes(element, example)).map((example) => [example]);
    }
    return all.filter((example) => describes(answer, example));
  };
}

/** Parsing drops what a schema does not know, and fails on what it misses. */
function describes(schema: z.ZodType, example: unknown): boolean {
  const { success, data } = schema.safeParse(example);
  return success && canonical(data) === canonical(example);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field,
  );
}
