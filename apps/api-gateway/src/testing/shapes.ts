import { readFileSync } from 'node:fs';

type Shapes = Record<string, Record<string, unknown>[]>;
const file = new URL('../../../../libs/gateway/feature/src/fixtures/shapes.json', import.meta.url);
const shapes = JSON.parse(readFileSync(file, 'utf8')) as Shapes;

/** Fails unless `actual` has exactly the keys of the released examples of a shape, each of a type one of them has. */
export function expectShape(actual: unknown, name: string): void {
  expectLike(actual, shapes[name] ?? []);
}

/** Fails unless `actual` has exactly the keys of the examples, each of a type one of them has. */
export function expectLike(actual: unknown, examples: readonly unknown[]): void {
  expect(typesOf(actual).map(([key]) => key)).toEqual(typesOf(examples[0]).map(([key]) => key));
  for (const [key, type] of typesOf(actual)) {
    const allowed = new Set(examples.flatMap(typesOf).flatMap(([name, known]) => (name === key ? [known] : [])));
    expect([key, allowed.has(type) ? type : [...allowed]]).toEqual([key, type]);
  }
}

function typesOf(value: unknown): [string, string][] {
  const entries = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, field]) => [key, field === null ? 'null' : Array.isArray(field) ? 'array' : typeof field]);
}
