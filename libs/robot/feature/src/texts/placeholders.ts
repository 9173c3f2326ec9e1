import type { Line } from './text-schema.js';

const PLACEHOLDER = /\{(\w+)\}/g;

/** The names in braces, each once, sorted. */
export function placeholdersOf(lines: readonly Line[]): string[] {
  const names = lines.flat().flatMap((line) => [...line.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
  return [...new Set(names)].sort();
}

/** Undefined when a value is unknown. In one pass, so that braces inside a value stay what they are. */
export function fill(text: string, values: Readonly<Record<string, string | undefined>>): string | undefined {
  if (placeholdersOf([text]).some((name) => values[name] === undefined)) return undefined;
  return text.replace(PLACEHOLDER, (_, name: string) => values[name] ?? '');
}

/** Lines that can be said; of alternatives the first. */
export function fillLines(lines: readonly Line[], values: Readonly<Record<string, string | undefined>>): string[] {
  return lines.flatMap((line) => {
    for (const text of [line].flat()) {
      const filled = fill(text, values);
      if (filled !== undefined) return [filled];
    }
    return [];
  });
}
